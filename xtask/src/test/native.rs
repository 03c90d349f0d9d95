//! Every crate's tests on this machine, examples in documentation included.

use crate::{command, counts::Counts, workspace::Workspace};

pub(super) fn run(workspace: &Workspace, counts: &mut Counts) -> anyhow::Result<()> {
    super::counted(
        command::cargo()
            .args(["test", "--locked", "--workspace", "--no-fail-fast"])
            .current_dir(&workspace.root),
        counts,
    )
}
