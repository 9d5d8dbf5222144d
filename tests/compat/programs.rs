//! Node, nginx, Apache and Redis, each on a port of its own with a configuration of its own. Dropping one ends it.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use streambell_tests::eventually;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// A running program.
pub(crate) struct Program {
    child: Child,
    port: u16,
    /// What it writes; removed with it.
    folder: TempDir,
}

impl Program {
    /// The address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// What it wrote to a file of its folder.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }

    /// Kills it with SIGKILL and keeps its files.
    pub(crate) async fn kill(mut self) -> (u16, TempDir) {
        self.child.kill().await.unwrap();
        (self.port, self.folder)
    }

    async fn start(mut command: Command, port: u16, folder: TempDir) -> Self {
        let log = std::fs::File::create(folder.path().join("output.log")).unwrap();
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).kill_on_drop(true);
        let child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}; make test installs it"));
        let mut program = Self { child, port, folder };
        eventually("a server that listens", async || {
            let ended = program.child.try_wait().unwrap();
            assert!(ended.is_none(), "it ended: {}{}", program.read("output.log"), program.read("error.log"));
            TcpStream::connect(("127.0.0.1", port)).await.ok()
        })
        .await;
        program
    }
}

/// A script of this folder; `port` 0 for a free one.
pub(crate) async fn node(script: &str, arguments: &[u16]) -> Program {
    let mut command = Command::new("node");
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("compat").join(script));
    command.args(arguments.iter().map(u16::to_string));
    let spawned = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn();
    let mut child = spawned.expect("node starts: install nodejs");
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
    let port = line.trim().parse().expect("the script prints its port");
    Program { child, port, folder: tempfile::tempdir().unwrap() }
}

/// nginx in front of a port; `listen` and `location` are further words of its configuration.
pub(crate) async fn nginx(upstream: u16, listen: &str, server: &str, location: &str) -> Program {
    let (port, folder) = (free_port(), tempfile::tempdir().unwrap());
    let path = folder.path().display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {path}/{kind}; "))
        .concat();
    let config = format!(
        "daemon off; master_process off; pid {path}/pid; error_log {path}/error.log;\n\
         events {{ worker_connections 256; }}\n\
         http {{ {temporary}\n\
           log_format one '$server_protocol $status after=$http_last_event_id'; access_log {path}/access.log one;\n\
           server {{ listen 127.0.0.1:{port} {listen}; {server}\n\
             location / {{ proxy_pass http://127.0.0.1:{upstream}; proxy_http_version 1.1;\n\
               proxy_set_header Connection ''; {location} }} }} }}\n"
    );
    let mut command = Command::new(sbin("nginx"));
    command.arg("-p").arg(folder.path()).arg("-e").arg(folder.path().join("error.log"));
    command.arg("-c").arg(write(&folder, "nginx.conf", &config));
    Program::start(command, port, folder).await
}

/// Apache in front of a port; `pass` are further words of `ProxyPass`.
pub(crate) async fn apache(upstream: u16, pass: &str) -> Program {
    let (port, folder) = (free_port(), tempfile::tempdir().unwrap());
    let path = folder.path().display();
    let modules: String = ["mpm_event", "authz_core", "proxy", "proxy_http"]
        .map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"))
        .concat();
    let config = format!(
        "ServerRoot {path}\nServerName localhost\nDefaultRuntimeDir {path}\nPidFile {path}/pid\n\
         ErrorLog {path}/error.log\nListen 127.0.0.1:{port}\n{modules}User www-data\nGroup www-data\n\
         ProxyPass / http://127.0.0.1:{upstream}/ {pass}\n"
    );
    let mut command = Command::new(sbin("apache2"));
    command.args(["-X", "-f"]).arg(write(&folder, "apache.conf", &config));
    Program::start(command, port, folder).await
}

/// Redis that keeps what it is told in its folder, also over a kill.
pub(crate) async fn redis(port: u16, folder: TempDir) -> Program {
    // One program under two names, of which only this one comes without a service of the system.
    let mut command = Command::new("redis-check-rdb");
    command.arg0("redis-server");
    command.args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "yes", "--appendfsync", "always"]);
    command.arg("--port").arg(port.to_string()).arg("--dir").arg(folder.path());
    Program::start(command, port, folder).await
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn write(folder: &TempDir, name: &str, text: &str) -> PathBuf {
    let file = folder.path().join(name);
    std::fs::write(&file, text).unwrap();
    file
}

/// Servers are installed where not everybody's PATH leads.
fn sbin(name: &str) -> PathBuf {
    let path = Path::new("/usr/sbin").join(name);
    if path.exists() { path } else { name.into() }
}
