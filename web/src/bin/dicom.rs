//! The program that reads a DICOM file, apart from the page and off its thread. The browser loads it
//! when the first such file is opened, so it costs nobody else anything.

fn main() {
    keepwell_web::ports::dicom::answer_the_page();
}
