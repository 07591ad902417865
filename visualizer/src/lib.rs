//! x
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
/// m
#[wasm_bindgen]
pub fn mount(e: web_sys::HtmlElement) {
    let (n, set) = signal(0);
    leptos::mount::mount_to(e, move || view!{<button on:click=move |_| set.update(|n| *n+=1)>{n}</button>}).forget();
}
