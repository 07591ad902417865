//! `setup`: tools, without building anything.

use crate::context::Context;
use crate::error::Error;
use crate::setup::{self, node_package, system};

/// Installs what the build needs, and on demand what the tests and Trunk need.
///
/// # Errors
/// When a tool cannot be installed.
pub(super) fn run(context: &Context, tests: bool, trunk: bool) -> Result<(), Error> {
    system::ensure(context, system::BUILD)?;
    let node = node_package::ensure_tools(context)?;
    let wasm = setup::wasm_tools(context, &node)?;
    println!("bind : {}", wasm.bind.display());
    println!("wasm-opt     : {}", wasm.wasm_opt.display());
    println!("pagefind     : {}", node.pagefind.display());
    if tests {
        system::ensure(context, system::BROWSER)?;
        system::ensure(context, system::KAFKA)?;
        node_package::ensure_test_libraries(context)?;
        println!(
            "node (tests) : {}",
            node_package::ensure_node(context)?.display()
        );
    }
    if trunk {
        println!("trunk        : {}", setup::trunk(context)?.display());
    }
    Ok(())
}
