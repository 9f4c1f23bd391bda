package io.inferometer.exporter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;
import org.jspecify.annotations.Nullable;

/** The live table on a terminal, which is put back as it was whatever ends it. One thread. */
final class LiveScreen {
    private static final long KEY_MILLIS = 100;
    private static final int FIXED_ROWS = 4; // The title, the head and two empty lines.

    private final Terminal terminal;
    private final Watching watching;
    private final int rounds;
    private final WatchBoard board;
    private volatile boolean quit;

    LiveScreen(Terminal terminal, Watching watching, int rounds) {
        this.terminal = terminal;
        this.watching = watching;
        this.rounds = rounds;
        this.board = new WatchBoard(watching.targets(), watching.order());
    }

    /** The terminal of this process, null when its output goes elsewhere or it can draw nothing. */
    static @Nullable Terminal terminal() {
        String kind = System.getenv("TERM");
        if (kind == null || kind.isEmpty() || kind.equals("dumb")) {
            return null;
        }
        try {
            return TerminalBuilder.builder()
                    .name("inferometer")
                    .system(true)
                    .systemOutput(TerminalBuilder.SystemOutput.SysOut)
                    .dumb(false)
                    .encoding(StandardCharsets.UTF_8)
                    .build();
        } catch (IOException | IllegalStateException e) {
            return null; // Not a terminal.
        }
    }

    /** Draws until the user quits or the rounds are over. */
    void run() throws IOException {
        Attributes before = terminal.enterRawMode();
        Thread restorer = new Thread(() -> restore(before), "inferometer-restore");
        Runtime.getRuntime().addShutdownHook(restorer); // For those who are killed.
        terminal.handle(Signal.INT, signal -> quit = true);
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.cursor_invisible);
        try (WatchLoop loop = watching.loop(rounds, board::add)) {
            draw(loop);
        } finally {
            forget(restorer);
            restore(before);
        }
    }

    private static void forget(Thread restorer) {
        try {
            Runtime.getRuntime().removeShutdownHook(restorer);
        } catch (IllegalStateException e) {
            // The process is ending already, and the hook does its work.
        }
    }

    private void draw(WatchLoop loop) throws IOException {
        NonBlockingReader keys = terminal.reader();
        Display display = new Display(terminal, true);
        Size shown = new Size(0, 0);
        boolean last = false;
        while (!quit && !last) {
            last = loop.isFinished();
            List<Reading> readings = loop.readings();
            if (watching.pods() != null) {
                board.follow(readings);
            }
            readings.forEach(board::refresh); // A target that hangs tells nothing, and grows older.
            Size size = size();
            if (!size.equals(shown)) {
                display.resize(size.getRows(), size.getColumns());
                display.clear();
                shown = size;
            }
            display.update(picture(size), 0);
            if (isQuit(keys.read(KEY_MILLIS))) {
                quit = true;
            }
        }
    }

    /** A terminal that does not tell its size is taken for an old one. */
    private Size size() {
        Size size = terminal.getSize();
        return size.getColumns() < 1 || size.getRows() < 1 ? new Size(80, 24) : size;
    }

    private List<AttributedString> picture(Size size) {
        int width = size.getColumns() - 1; // A full line would make some terminals wrap.
        List<WatchBoard.Line> lines = board.lines(width);
        List<String> models = board.models();
        int room = Math.max(1, size.getRows() - FIXED_ROWS - models.size());
        List<AttributedString> picture = new ArrayList<>();
        String title = "inferometer watch, every %s, %s; q quits"
                .formatted(
                        Durations.text(watching.interval()),
                        LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS));
        picture.add(new AttributedString(Printable.cut(title, width), AttributedStyle.DEFAULT.faint()));
        picture.add(AttributedString.EMPTY);
        picture.add(new AttributedString(board.head(width), AttributedStyle.BOLD));
        int shown = lines.size() <= room ? lines.size() : room - 1; // One line says how many more there are.
        for (WatchBoard.Line line : lines.subList(0, shown)) {
            AttributedStyle red = AttributedStyle.DEFAULT.foreground(AttributedStyle.RED);
            picture.add(new AttributedString(line.text(), line.isDown() ? red : AttributedStyle.DEFAULT));
        }
        if (shown < lines.size()) {
            String more = "… and %d more; --sort says which come first".formatted(lines.size() - shown);
            picture.add(new AttributedString(Printable.cut(more, width), AttributedStyle.DEFAULT.faint()));
        }
        picture.add(AttributedString.EMPTY);
        models.forEach(line -> picture.add(new AttributedString(Printable.cut(line, width))));
        return picture.subList(0, Math.min(picture.size(), size.getRows()));
    }

    private static boolean isQuit(int key) {
        boolean noMore = key == NonBlockingReader.EOF;
        return noMore || key == 'q' || key == 'Q' || key == 3 || key == 4;
    }

    private void restore(Attributes before) {
        terminal.puts(Capability.cursor_visible);
        terminal.puts(Capability.exit_ca_mode);
        terminal.flush();
        terminal.setAttributes(before);
    }
}
