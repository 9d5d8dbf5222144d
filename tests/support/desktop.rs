//! A private X display, a private D-Bus session and private folders, for one test.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::eventually::eventually;

/// Which services the bus starts by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Services {
    /// None: a test brings its doubles.
    None,
    /// Those that are installed, as on a real desktop.
    Installed,
}

/// The desktop. Dropping it ends everything that was started on it.
#[derive(Debug)]
pub struct Desktop {
    folder: TempDir,
    variables: Vec<(String, String)>,
    /// Ended with us (`kill_on_drop`).
    children: Vec<Child>,
}

impl Desktop {
    /// A display and a bus.
    pub async fn start(services: Services) -> Self {
        Self::start_with_screen(services, 1280, 800).await
    }

    /// The same with a screen of this size, in pixels.
    pub async fn start_with_screen(services: Services, width: u32, height: u32) -> Self {
        let mut desktop = Self::bare();
        desktop.start_screen(width, height).await;
        desktop.start_bus(services).await;
        desktop
    }

    /// A bus without a display.
    pub async fn without_display(services: Services) -> Self {
        let mut desktop = Self::bare();
        desktop.start_bus(services).await;
        desktop
    }

    async fn start_bus(&mut self, services: Services) {
        let config = self.path("bus.conf");
        std::fs::write(&config, bus_config(services)).expect("a file for the bus");
        let mut bus = self
            .command("dbus-daemon")
            .args(["--nofork", "--print-address", "--config-file"])
            .arg(&config)
            .stdout(Stdio::piped())
            .spawn()
            .expect("dbus-daemon starts: install dbus-daemon");
        let address = first_line(&mut bus).await;
        self.variables.push(("DBUS_SESSION_BUS_ADDRESS".to_owned(), address));
        self.children.push(bus);
    }

    /// A display without a bus.
    pub async fn without_bus() -> Self {
        let mut desktop = Self::bare();
        desktop.start_screen(1280, 800).await;
        desktop
    }

    async fn start_screen(&mut self, width: u32, height: u32) {
        let screen = format!("{width}x{height}x24");
        let mut xvfb = self
            .command("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("Xvfb starts: install xvfb");
        let number = first_line(&mut xvfb).await;
        self.variables.push(("DISPLAY".to_owned(), format!(":{number}")));
        self.children.push(xvfb);
    }

    /// Private folders only.
    pub fn bare() -> Self {
        let folder = tempfile::Builder::new().prefix("sb").tempdir().expect("a temporary folder");
        let mut variables = Vec::new();
        for (name, sub) in [("HOME", "home"), ("XDG_RUNTIME_DIR", "run")] {
            let path = folder.path().join(sub);
            std::fs::create_dir(&path).expect("a folder");
            make_private(&path);
            variables.push((name.to_owned(), path.display().to_string()));
        }
        for (name, value) in [
            ("LC_ALL", "C.UTF-8"),
            ("LIBGL_ALWAYS_SOFTWARE", "1"),
            ("GDK_GL", "disable"),
            ("GDK_BACKEND", "x11"),
            ("NO_AT_BRIDGE", "1"),
        ] {
            variables.push((name.to_owned(), value.to_owned()));
        }
        Self { folder, variables, children: Vec::new() }
    }

    /// A path in the test's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The bus's address.
    pub fn bus_address(&self) -> &str {
        self.variable("DBUS_SESSION_BUS_ADDRESS").expect("this desktop has a bus")
    }

    /// A variable of the desktop's programs.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Gives all programs that are started from here on a browser: whatever they open is a line of the file that is
    /// returned.
    pub fn install_browser(&mut self) -> PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let (folder, opened) = (self.path("bin"), self.path("opened"));
        std::fs::create_dir(&folder).expect("a folder for the browser");
        let (file, path) = (folder.join("xdg-open"), std::env::var("PATH").unwrap_or_default());
        std::fs::write(&file, format!("#!/bin/sh\necho \"$@\" >>'{}'\n", opened.display())).expect("a browser");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).expect("a program");
        self.variables.push(("PATH".to_owned(), format!("{}:{path}", folder.display())));
        opened
    }

    /// A connection to the bus.
    pub async fn connect(&self) -> zbus::Connection {
        zbus::connection::Builder::address(self.bus_address())
            .expect("the bus's address")
            .build()
            .await
            .expect("a connection to the private bus")
    }

    /// A program on this desktop, that ends with its handle.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().kill_on_drop(true).stdin(Stdio::null());
        for name in ["PATH", "CARGO_TARGET_DIR", "RUST_BACKTRACE"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Starts a program that lasts as long as the desktop; its output goes to a file of its name.
    pub fn spawn(&mut self, program: &str, arguments: &[&str]) {
        self.spawn_with(program, arguments, &[]);
    }

    /// The same, with further variables.
    pub fn spawn_with(&mut self, program: &str, arguments: &[&str], variables: &[(&str, &str)]) {
        let name = Path::new(program).file_name().and_then(|name| name.to_str()).expect("a program's name");
        let log = std::fs::File::create(self.path(&format!("{name}.log"))).expect("a log file");
        let errors = log.try_clone().expect("a second handle");
        let child =
            self.command(program).args(arguments).envs(variables.iter().copied()).stdout(log).stderr(errors).spawn();
        self.children.push(child.unwrap_or_else(|error| panic!("{program} starts: {error}")));
    }

    /// Ends all programs of that name that [`Desktop::spawn`] started last.
    pub async fn kill_last(&mut self) {
        if let Some(mut child) = self.children.pop() {
            child.kill().await.expect("the program can be killed");
        }
    }

    /// Waits until somebody owns a name on the bus.
    pub async fn wait_for_name(&self, name: &str) {
        let connection = self.connect().await;
        let proxy = zbus::fdo::DBusProxy::new(&connection).await.expect("the bus itself");
        let wanted = zbus::names::BusName::try_from(name).expect("a bus name");
        eventually(&format!("an owner of {name}"), async || {
            proxy.name_has_owner(wanted.clone()).await.is_ok_and(|owned| owned).then_some(())
        })
        .await;
    }

    /// Starts a Secret Service with an unlocked login keyring.
    pub async fn start_keyring(&mut self) {
        use tokio::io::AsyncWriteExt as _;
        let mut child = self
            .command("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("gnome-keyring-daemon starts: install gnome-keyring");
        let mut input = child.stdin.take().expect("its input");
        input.write_all(b"a test password").await.expect("its password is taken");
        drop(input);
        self.children.push(child);
        self.wait_for_name("org.freedesktop.secrets").await;
    }

    /// A picture of the whole screen, kept with the test's artefacts.
    pub async fn screenshot(&self, name: &str) -> PathBuf {
        let folder = crate::program::target().join("test-artefacts");
        std::fs::create_dir_all(&folder).expect("a folder for artefacts");
        let file = folder.join(format!("{name}.png"));
        let status = self.command("import").args(["-window", "root"]).arg(&file).status().await;
        assert!(status.is_ok_and(|status| status.success()), "a screenshot: install imagemagick");
        file
    }
}

/// What was on the screen when a test failed is kept with its artefacts.
impl Drop for Desktop {
    fn drop(&mut self) {
        let Some(display) = self.variable("DISPLAY").filter(|_| std::thread::panicking()) else { return };
        let folder = crate::program::target().join("test-artefacts");
        let name = std::thread::current().name().unwrap_or("a-test").replace("::", "-");
        let file = folder.join(format!("failed-{name}.png"));
        let picture = std::fs::create_dir_all(folder).and_then(|()| {
            std::process::Command::new("import").args(["-display", display, "-window", "root"]).arg(file).status()
        });
        // Without one the test has failed all the same.
        drop(picture);
    }
}

/// Reads the first line of a program's output.
async fn first_line(child: &mut Child) -> String {
    let output = child.stdout.take().expect("its output is a pipe");
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).await.expect("its first line");
    line.trim().to_owned()
}

fn bus_config(services: Services) -> String {
    let folders = match services {
        Services::None => "",
        Services::Installed => "<standard_session_servicedirs/>",
    };
    format!(
        "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
         \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n\
         <busconfig><type>session</type><keep_umask/><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>{folders}\
         <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/>\
         <allow own=\"*\"/></policy></busconfig>\n"
    )
}

fn make_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).expect("a private folder");
}
