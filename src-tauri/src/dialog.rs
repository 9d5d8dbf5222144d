//! A question in a dialog of the desktop, above the window.

use streambell_protocol::{LanguageForm, Text};
use tauri::AppHandle;

/// What a dialog says, in one language.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) allow: String,
    pub(crate) cancel: String,
}

impl Words {
    /// The title, the text, what allows and what cancels, in the chosen language.
    pub(crate) fn read(all: [Text; 4], language: LanguageForm) -> Self {
        let is_chinese = match language {
            LanguageForm::En => false,
            LanguageForm::Zh => true,
            LanguageForm::System => is_system_chinese(),
        };
        let [title, text, allow, cancel] = all.map(|text| if is_chinese { text.zh } else { text.en });
        Self { title, text, allow, cancel }
    }
}

/// Shows it and tells at its end whether it was allowed; both on the main thread. Any other end, such as that of the
/// window, is no.
#[cfg(target_os = "linux")]
pub(crate) fn show(app: &AppHandle, words: &Words, answer: impl FnOnce(bool) + 'static) {
    use std::time::Duration;

    use gtk::prelude::*;
    use gtk::{ButtonsType, DialogFlags, MessageDialog, MessageType, ResponseType};
    use tauri::Manager as _;

    /// A click or a key that was meant for something else must not allow anything.
    const STILL: Duration = Duration::from_millis(800);

    let window = app.get_webview_window(crate::window::MAIN).and_then(|window| window.gtk_window().ok());
    let flags = DialogFlags::MODAL | DialogFlags::DESTROY_WITH_PARENT;
    let dialog = MessageDialog::new(window.as_ref(), flags, MessageType::Question, ButtonsType::None, &words.title);
    dialog.set_title(&words.title);
    dialog.set_secondary_text(Some(&words.text));
    // A long path is broken where it must be.
    for label in dialog.message_area().downcast::<gtk::Container>().iter().flat_map(ContainerExt::children) {
        if let Ok(label) = label.downcast::<gtk::Label>() {
            label.set_line_wrap_mode(gtk::pango::WrapMode::WordChar);
        }
    }
    let cancel = dialog.add_button(&words.cancel, ResponseType::Cancel);
    dialog.add_button(&words.allow, ResponseType::Accept);
    dialog.set_default_response(ResponseType::Cancel);
    dialog.set_response_sensitive(ResponseType::Accept, false);
    let waiting = dialog.downgrade();
    gtk::glib::timeout_add_local_once(STILL, move || {
        if let Some(dialog) = waiting.upgrade() {
            dialog.set_response_sensitive(ResponseType::Accept, true);
        }
    });
    let answer = std::cell::Cell::new(Some(answer));
    dialog.connect_response(move |dialog, response| {
        if let Some(answer) = answer.take() {
            answer(response == ResponseType::Accept);
        }
        // A dialog that is being closed goes by itself.
        if response != ResponseType::DeleteEvent {
            dialog.close();
        }
    });
    dialog.show_all();
    cancel.grab_focus();
    dialog.present();
}

/// Nobody can be asked, and nobody answers.
#[cfg(not(target_os = "linux"))]
pub(crate) fn show(_: &AppHandle, _: &Words, answer: impl FnOnce(bool) + 'static) {
    drop(answer);
}

/// Whether the system speaks Chinese.
#[cfg(target_os = "linux")]
fn is_system_chinese() -> bool {
    gtk::glib::language_names().first().is_some_and(|name| name.to_ascii_lowercase().starts_with("zh"))
}

/// Whether the system speaks Chinese.
#[cfg(not(target_os = "linux"))]
fn is_system_chinese() -> bool {
    false
}
