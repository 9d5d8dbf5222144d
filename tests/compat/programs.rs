//! Servers and proxies, each on a port of its own with a configuration of its own. Dropping one ends it.

use std::io::Write as _;
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
    command.arg(source(script)).args(arguments.iter().map(u16::to_string));
    ours(command).await
}

/// A program in Java of this folder, with these system properties, compiled as it starts for the Java that Spring 4
/// knows; `port` 0 for a free one.
pub(crate) async fn java(file: &str, properties: &[&str], port: u16) -> Program {
    let spring =
        ["core", "beans", "context", "expression", "aop", "web", "web.servlet"].map(|name| format!("spring3-{name}"));
    let jetty = ["server", "servlet", "security", "http", "io", "util"].map(|name| format!("jetty9-{name}"));
    let others = ["servlet-api", "commons-logging"].map(str::to_owned);
    let jars: Vec<_> =
        spring.iter().chain(&jetty).chain(&others).map(|name| format!("/usr/share/java/{name}.jar")).collect();
    let mut command = Command::new("java");
    // It lives for seconds.
    command.args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--source", "8", "-cp", &jars.join(":")]);
    command.args(properties.iter().map(|property| format!("-D{property}")));
    command.arg(source(file)).arg(port.to_string()).stderr(Stdio::null());
    ours(command).await
}

/// A server of ours, which prints its port.
async fn ours(mut command: Command) -> Program {
    let spawned = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn();
    let mut child = spawned.unwrap_or_else(|error| panic!("{command:?}: {error}; make test installs it"));
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
    let port = line
        .trim()
        .parse()
        .unwrap_or_else(|_| panic!("{command:?} prints its port, not {line:?}: make test installs what it needs"));
    Program { child, port, folder: tempfile::tempdir().unwrap() }
}

/// nginx in front of a port; `listen`, `server` and `location` are further words of its configuration.
pub(crate) async fn nginx(upstream: u16, listen: &str, server: &str, location: &str) -> Program {
    let server = format!(
        "{server}\nlocation / {{ proxy_pass http://127.0.0.1:{upstream}; proxy_http_version 1.1;\n\
           proxy_set_header Connection ''; {location} }}"
    );
    nginx_server(listen, &server).await
}

/// nginx with a server that says all for itself.
pub(crate) async fn nginx_server(listen: &str, server: &str) -> Program {
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
           server {{ listen 127.0.0.1:{port} {listen}; {server}\n}} }}\n"
    );
    let mut command = Command::new(sbin("nginx"));
    command.arg("-p").arg(folder.path()).arg("-e").arg(folder.path().join("error.log"));
    command.arg("-c").arg(write(&folder, "nginx.conf", &config));
    Program::start(command, port, folder).await
}

/// nginx with a module and all that stands in `http`, where `PORT` is the place of its port. One process, so that a kill
/// is the end of the whole node.
pub(crate) async fn nginx_node(port: u16, folder: TempDir, module: &str, http: &str) -> Program {
    let path = folder.path().display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {path}/{kind}; "))
        .concat();
    let config = format!(
        "{module} daemon off; master_process off; pid {path}/pid; error_log {path}/error.log; events {{ worker_connections 1024; }}\n\
         http {{ {temporary} access_log off;\n{} }}\n",
        http.replace("PORT", &format!("127.0.0.1:{port}"))
    );
    let mut command = Command::new(sbin("nginx"));
    command.arg("-p").arg(folder.path()).arg("-e").arg(folder.path().join("error.log"));
    command.arg("-c").arg(write(&folder, "nginx.conf", &config));
    Program::start(command, port, folder).await
}

/// Apache in front of a port; `pass` are further words of `ProxyPass`.
pub(crate) async fn apache(upstream: u16, pass: &str) -> Program {
    apache_server(&format!("ProxyPass / http://127.0.0.1:{upstream}/ {pass}")).await
}

/// Apache with a server that says all for itself.
pub(crate) async fn apache_server(server: &str) -> Program {
    let (port, folder) = (free_port(), tempfile::tempdir().unwrap());
    let path = folder.path().display();
    let modules: String =
        ["mpm_event", "authz_core", "setenvif", "mime", "filter", "deflate", "ext_filter", "proxy", "proxy_http"]
            .map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"))
            .concat();
    let config = format!(
        "ServerRoot {path}\nServerName localhost\nDefaultRuntimeDir {path}\nPidFile {path}/pid\n\
         ErrorLog {path}/error.log\nListen 127.0.0.1:{port}\n{modules}User www-data\nGroup www-data\n\
         TypesConfig /dev/null\n{server}\n"
    );
    let mut command = Command::new(sbin("apache2"));
    command.args(["-X", "-f"]).arg(write(&folder, "apache.conf", &config));
    Program::start(command, port, folder).await
}

/// HAProxy with a configuration that listens on `:80`.
pub(crate) async fn haproxy(config: &str) -> Program {
    let (port, folder) = (free_port(), tempfile::tempdir().unwrap());
    let config = config.replace(":80\n", &format!("127.0.0.1:{port}\n"));
    let mut command = Command::new(sbin("haproxy"));
    command.args(["-db", "-f"]).arg(write(&folder, "haproxy.cfg", &config));
    Program::start(command, port, folder).await
}

/// Whether Caddy is here, which not every system has a package of; says so where it is not, also through a test's capture.
pub(crate) fn has_caddy() -> bool {
    let is_here = std::process::Command::new("caddy").arg("version").stdout(Stdio::null()).status().is_ok();
    if !is_here {
        drop(writeln!(std::io::stderr(), "skipped: there is no caddy here"));
    }
    is_here
}

/// Caddy with a configuration that serves `example.com`.
pub(crate) async fn caddy(config: &str) -> Program {
    let (port, folder) = (free_port(), tempfile::tempdir().unwrap());
    let config = config.replace("example.com", &format!("http://127.0.0.1:{port}"));
    let config = format!("{{\n\tadmin off\n}}\n{config}");
    let mut command = Command::new("caddy");
    command.args(["run", "--adapter", "caddyfile", "--config"]).arg(write(&folder, "Caddyfile", &config));
    for name in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
        command.env(name, folder.path());
    }
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

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("compat").join(name)
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
