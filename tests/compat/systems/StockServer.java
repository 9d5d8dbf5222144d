// A price a second from Spring's SseEmitter, in an embedded Jetty. Prints its port.
//
// java --source 8 -cp SPRING:JETTY -Dtimeout=MILLISECONDS StockServer.java [PORT]
//   timeout  after which Spring ends each response (30000)

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

public final class StockServer {
    public static void main(String[] arguments) throws Exception {
        int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 0;
        AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();
        context.register(RequestMappingHandlerMapping.class, RequestMappingHandlerAdapter.class, Stock.class);
        ServletHolder spring = new ServletHolder(new DispatcherServlet(context));
        spring.setAsyncSupported(true);
        Server server = new Server(new InetSocketAddress("127.0.0.1", port));
        new ServletContextHandler(server, "/").addServlet(spring, "/");
        server.start();
        System.out.println(server.getURI().getPort());
    }
}

@RestController
class Stock {
    private final List<Integer> prices = new ArrayList<>();
    private final List<SseEmitter> clients = new ArrayList<>();

    Stock() {
        Executors.newSingleThreadScheduledExecutor().scheduleAtFixedRate(this::trade, 1, 1, TimeUnit.SECONDS);
    }

    @GetMapping("/test/stock")
    synchronized SseEmitter stock(@RequestHeader(value = "Last-Event-ID", required = false) String last) throws IOException {
        SseEmitter client = new SseEmitter(Long.getLong("timeout", 30_000));
        client.onCompletion(() -> remove(client));
        for (int id = last == null ? prices.size() : Integer.parseInt(last); id < prices.size(); id++) {
            send(client, id + 1);
        }
        clients.add(client);
        return client;
    }

    private synchronized void trade() {
        prices.add(1_000 + prices.size());
        for (SseEmitter client : new ArrayList<>(clients)) {
            try {
                send(client, prices.size());
            } catch (IOException | IllegalStateException gone) {
                clients.remove(client);
            }
        }
    }

    private void send(SseEmitter client, int id) throws IOException {
        client.send(SseEmitter.event().id(String.valueOf(id)).name("stock").data(String.valueOf(prices.get(id - 1))));
    }

    private synchronized void remove(SseEmitter client) {
        clients.remove(client);
    }
}
