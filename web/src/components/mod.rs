//! What pages are built of: each takes values and callbacks, and knows no port and no state.
//!
//! Their looks are the classes in `web/styles`; none writes a style of its own, which the page's
//! content security policy would refuse. They are public so that tests can mount them in a browser.

mod badge;
mod busy;
mod button;
mod card_panel;
mod checkbox;
mod choice;
mod confirm_dialog;
mod copy_text;
mod data_list;
mod empty_state;
mod error_notice;
mod field;
mod file_field;
mod icon;
mod identifier;
mod nav_link;
mod notice;
mod page_heading;
mod passphrase_field;
mod phrase_grid;
mod phrase_input;
mod progress_bar;
pub mod qr;
mod section;
mod select;
mod shell;
mod sub_navigation;
mod table;
mod when;

pub use badge::{Badge, BadgeKind, BadgeProps, Standing};
pub use busy::{Busy, BusyProps};
pub use button::{Button, ButtonKind, ButtonProps};
pub use card_panel::{CardPanel, CardPanelProps};
pub use checkbox::{Checkbox, CheckboxProps};
pub use choice::{Choice, ChoiceOption, ChoiceProps};
pub use confirm_dialog::{ConfirmDialog, ConfirmDialogProps};
pub use copy_text::{CopyText, CopyTextProps};
pub use data_list::{DataList, DataListProps};
pub use empty_state::{EmptyState, EmptyStateProps};
pub use error_notice::{ErrorNotice, ErrorNoticeProps};
pub use field::{Field, FieldKind, FieldProps};
pub use file_field::{ChosenFile, FileField, FileFieldProps};
pub use icon::{Icon, Picture, PictureProps};
pub use identifier::{Identifier, IdentifierProps};
pub use notice::{Notice, NoticeKind, NoticeProps};
pub use page_heading::{PageHeading, PageHeadingProps};
pub use passphrase_field::{PassphraseField, PassphraseFieldProps};
pub use phrase_grid::{PhraseGrid, PhraseGridProps};
pub use phrase_input::{PhraseInput, PhraseInputProps};
pub use progress_bar::{ProgressBar, ProgressBarProps};
pub use qr::{Qr, QrProps};
pub use section::{Section, SectionProps};
pub use select::{Select, SelectProps};
pub use shell::{NavItem, Shell, ShellProps};
pub use sub_navigation::{SubNavigation, SubNavigationProps};
pub use table::{Table, TableProps};
pub use when::{Moment, When, WhenProps};
