//! Draws the page into the document. Everything it draws is in the library.

fn main() {
    yew::Renderer::<keepwell_web::App>::new().render();
}
