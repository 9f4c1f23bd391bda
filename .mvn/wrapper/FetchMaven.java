import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Puts Maven where {@code mvnw} looks for it. Run from source by {@code mvnw}:
 * {@code java FetchMaven.java VERSION SHA256 MAVEN_HOME POM}.
 *
 * <p>The archive is checked before anything is unpacked, and the directory appears whole or not at all, so several
 * builds may start at once.
 */
public final class FetchMaven {
    private static final int TRIES = 3;
    private static final int TIMEOUT_MILLIS = 30_000;
    private static final Pattern NAMESPACE = Pattern.compile("xmlns=\"https?://([^/\"]+)/POM/4\\.0\\.0\"");

    private final String version;
    private final String sha256;
    private final Path mavenHome;
    private final Path pom;

    private FetchMaven(String version, String sha256, Path mavenHome, Path pom) {
        this.version = version;
        this.sha256 = sha256;
        this.mavenHome = mavenHome.toAbsolutePath();
        this.pom = pom;
    }

    public static void main(String[] args) throws InterruptedException {
        try {
            new FetchMaven(args[0], args[1], Path.of(args[2]), Path.of(args[3])).fetch();
        } catch (IOException e) {
            System.err.println("mvnw: " + e.getMessage());
            System.exit(1);
        }
    }

    private void fetch() throws IOException, InterruptedException {
        Path parent = Files.createDirectories(mavenHome.getParent());
        Path work = Files.createTempDirectory(parent, ".fetch-");
        try {
            Path zip = work.resolve("maven.zip");
            download(archive(), zip);
            Path unpacked = work.resolve("maven");
            unzip(zip, unpacked);
            makeExecutable(unpacked.resolve("bin"));
            moveIntoPlace(unpacked);
        } finally {
            deleteTree(work);
        }
    }

    private URI archive() throws IOException {
        String repository = System.getenv("MVNW_REPOURL");
        if (repository == null || repository.isBlank()) {
            repository = publicRepository();
        }
        return URI.create(repository.strip().replaceAll("/+$", "")
                + "/org/apache/maven/apache-maven/%1$s/apache-maven-%1$s-bin.zip".formatted(version));
    }

    /** The public repository lives beside the domain that names the POM's own namespace. */
    private String publicRepository() throws IOException {
        Matcher namespace = NAMESPACE.matcher(Files.readString(pom));
        if (!namespace.find()) {
            throw new IOException("no POM namespace in " + pom + "; set MVNW_REPOURL to a Maven repository's address");
        }
        return "https://repo." + namespace.group(1) + "/maven2";
    }

    private void download(URI from, Path to) throws IOException, InterruptedException {
        System.err.printf("mvnw: fetching Maven %s from %s%n", version, from.getHost() == null ? from : from.getHost());
        String found = copyPatiently(from, to);
        if (!found.equals(sha256)) {
            throw new IOException("%s is not the archive that was expected: its SHA-256 is %s, not %s"
                    .formatted(from, found, sha256));
        }
    }

    private static String copyPatiently(URI from, Path to) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return copy(from, to);
            } catch (IOException e) {
                if (attempt == TRIES) {
                    throw new IOException(
                            "could not fetch %s: %s. Is the network there? MVNW_REPOURL names another repository."
                                    .formatted(from, e),
                            e);
                }
                Thread.sleep(attempt * 1_000L);
            }
        }
    }

    private static String copy(URI from, Path to) throws IOException {
        MessageDigest digest = sha256Digest();
        URLConnection connection = from.toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        try (InputStream in = new DigestInputStream(connection.getInputStream(), digest)) {
            Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    /** Unpacks {@code zip} without its one top directory. */
    private static void unzip(Path zip, Path into) throws IOException {
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String name = entry.getName().substring(entry.getName().indexOf('/') + 1);
                Path file = into.resolve(name).normalize();
                if (!file.startsWith(into)) {
                    throw new IOException("the archive wants to write outside its directory: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(in, file);
                }
            }
        }
    }

    private static void makeExecutable(Path bin) throws IOException {
        try (var files = Files.list(bin)) {
            for (Path file : files.toList()) {
                file.toFile().setExecutable(true, false);
            }
        }
    }

    private void moveIntoPlace(Path unpacked) throws IOException {
        try {
            Files.move(unpacked, mavenHome, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.exists(mavenHome.resolve("bin").resolve("mvn"))) {
                throw e;
            } // Else another build was faster, and what it put there is the same.
        }
    }

    private static void deleteTree(Path root) throws IOException {
        List<Path> deepestFirst;
        try (var files = Files.walk(root)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.deleteIfExists(path);
        }
    }
}
