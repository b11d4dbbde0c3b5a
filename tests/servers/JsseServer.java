import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * A TLS server with every protocol and cipher suite that JSSE still knows; run it with jdk.tls.disabledAlgorithms cleared.
 *
 * java JsseServer.java STORE.p12... (password "changeit"); prints "PORT n" and serves until it is ended. -Dprotocols=A,B limits the
 * protocols, -Dclient.certificate=true demands a certificate of clients.
 */
public class JsseServer {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final byte[] ANSWER =
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nfine\n".getBytes(StandardCharsets.US_ASCII);

    public static void main(String[] stores) throws Exception {
        KeyStore all = KeyStore.getInstance("PKCS12");
        all.load(null, null);
        for (String path : stores) {
            KeyStore one = KeyStore.getInstance("PKCS12");
            try (InputStream in = new FileInputStream(path)) {
                one.load(in, PASSWORD);
            }
            for (String alias : Collections.list(one.aliases())) {
                all.setKeyEntry(alias, one.getKey(alias, PASSWORD), PASSWORD, one.getCertificateChain(alias));
            }
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        keys.init(all, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);

        SSLServerSocket listener =
            (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 256, InetAddress.getLoopbackAddress());
        String protocols = System.getProperty("protocols");
        listener.setEnabledProtocols(protocols == null ? listener.getSupportedProtocols() : protocols.split(","));
        listener.setNeedClientAuth(Boolean.getBoolean("client.certificate"));
        listener.setEnabledCipherSuites(listener.getSupportedCipherSuites());
        System.out.println("protocols " + Arrays.toString(listener.getSupportedProtocols()));
        System.out.println("PORT " + listener.getLocalPort());
        System.out.flush();

        ExecutorService workers = Executors.newFixedThreadPool(32, task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
        while (true) {
            SSLSocket socket = (SSLSocket) listener.accept();
            workers.execute(() -> serve(socket));
        }
    }

    private static void serve(SSLSocket socket) {
        try (socket) {
            socket.setSoTimeout(10_000);
            socket.startHandshake();
            if (socket.getInputStream().read(new byte[4096]) > 0) {
                socket.getOutputStream().write(ANSWER);
                socket.getOutputStream().flush();
            }
        } catch (IOException | RuntimeException refused) {
            // A hello that is refused, or a client that left: the next one is served all the same.
        }
    }
}
