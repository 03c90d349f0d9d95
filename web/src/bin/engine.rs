//! The engine: a worker that holds the keys, checks what relays say, and does the work.

fn main() {
    use gloo::worker::Registrable as _;
    keepwell_web::engine::Engine::registrar()
        .encoding::<keepwell_web::talk::Structured>()
        .register();
}
