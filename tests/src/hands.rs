//! What a person's hands do on a page: press, follow, type, choose. Each waits for what it needs.

use std::path::Path;

use anyhow::Context as _;
use fantoccini::{Locator, elements::Element};

use crate::Browser;

impl Browser {
    /// Presses the button of this name.
    ///
    /// # Errors
    ///
    /// If there is none, or it cannot be pressed.
    pub async fn press(&self, name: &str) -> anyhow::Result<()> {
        let button = self.the("button", name).await?;
        self.scroll_to(&button).await?;
        let pressed = button.click().await;
        pressed.with_context(|| format!("the button {name:?} cannot be pressed"))
    }

    /// Follows the link of this name.
    ///
    /// # Errors
    ///
    /// If there is none, or it cannot be followed.
    pub async fn follow(&self, name: &str) -> anyhow::Result<()> {
        let link = self.the("link", name).await?;
        self.scroll_to(&link).await?;
        let followed = link.click().await;
        followed.with_context(|| format!("the link {name:?} cannot be followed"))
    }

    /// Types into the field of this name what shall stand in it.
    ///
    /// # Errors
    ///
    /// If there is none, or it takes no text.
    pub async fn fill(&self, name: &str, text: &str) -> anyhow::Result<()> {
        let field = self.the("textbox", name).await?;
        field.clear().await?;
        let typed = field.send_keys(text).await;
        typed.with_context(|| format!("the field {name:?} takes no text"))
    }

    /// What stands in the field of this name.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub async fn text_in(&self, name: &str) -> anyhow::Result<String> {
        let field = self.the("textbox", name).await?;
        Ok(field.prop("value").await?.unwrap_or_default())
    }

    /// Chooses in the list of this name the option that says this.
    ///
    /// # Errors
    ///
    /// If there is no such list or option.
    pub async fn choose(&self, name: &str, option: &str) -> anyhow::Result<()> {
        let list = self.the("combobox", name).await?;
        let chosen = list.select_by_label(option).await;
        chosen.with_context(|| format!("{name:?} does not offer {option:?}"))
    }

    /// Gives a file to the only field on the page that takes one.
    ///
    /// # Errors
    ///
    /// If there is no such field.
    pub async fn give_file(&self, file: &Path) -> anyhow::Result<()> {
        let field = self.client().find(Locator::Css("input[type=file]")).await?;
        let path = file.canonicalize()?;
        field.send_keys(&path.display().to_string()).await?;
        Ok(())
    }

    /// To the middle of the window, where no bar is over it.
    async fn scroll_to(&self, element: &Element) -> anyhow::Result<()> {
        let script = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
        let element = serde_json::to_value(element)?;
        self.client().execute(script, vec![element]).await?;
        Ok(())
    }
}
