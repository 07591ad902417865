//! Compiles the program that asks librdkafka's internal functions, against the sources that rdkafka-sys has configured.

fn main() {
    println!("cargo:rerun-if-changed=src/assign.c");
    let Ok(root) = std::env::var("DEP_RDKAFKA_ROOT") else {
        panic!("rdkafka-sys says where its sources are");
    };
    cc::Build::new()
        .file("src/assign.c")
        .include(&root)
        .include(format!("{root}/src"))
        .warnings(false)
        .compile("assign");
    println!("cargo:rustc-link-arg=-Wl,--allow-multiple-definition");
}
