//! Every component on one page, to be looked at while working on them; nothing of it ships.
//!
//! Build it with `cargo build -p keepwell-web --example gallery --target wasm32-unknown-unknown`,
//! run `wasm-bindgen --target web` on what comes out, and load that beside `web/styles`.

mod gallery;

fn main() {
    yew::Renderer::<gallery::Gallery>::new().render();
}
