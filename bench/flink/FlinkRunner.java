import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.ResultKind;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.CloseableIterator;

/**
 * Runs SQL on Flink inside this process and prints one JSON object a line: object reuse, heap
 * state, parallelism 1, session zone UTC.
 *
 * <p>{@code FlinkRunner FILE.sql...}: each file twice in one process; of the second, warm run, the
 * figures of its last statement: {"file", "ms", "cpuMs", "heapBytes"} and, of a query, {"changes",
 * "rows", "hash"}. heapBytes comes from a third run that is not timed.
 *
 * <p>{@code FlinkRunner --serve}: requests on stdin, one a line: {"id", "script"}, where "heap":
 * true asks for heapBytes, "rows": true for the rows. The answer: a line for each statement, then
 * {"id", "done": true}.
 */
public final class FlinkRunner {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern SET =
      Pattern.compile("(?is)^SET\\s+'([^']+)'\\s*=\\s*'([^']*)'$");
  private static PrintStream out;

  private FlinkRunner() {}

  public static void main(String[] arguments) throws Exception {
    out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8");
    System.setOut(System.err);
    Configuration config = new Configuration();
    config.setString("parallelism.default", "1");
    config.setString("pipeline.object-reuse", "true");
    config.setString("state.backend.type", "hashmap");
    config.setString("table.local-time-zone", "UTC");
    config.setString("rest.bind-port", "0");
    config.setString("rest.address", "localhost");
    startCluster(config);
    for (String argument : arguments) {
      if (argument.equals("--serve")) serve(config);
      else runFile(config, Path.of(argument));
    }
    out.flush();
    System.exit(0);
  }

  /** One cluster for all jobs: a job then costs a tenth of a second. */
  private static void startCluster(Configuration config) throws Exception {
    MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
        .setConfiguration(config).setNumTaskManagers(1).setNumSlotsPerTaskManager(16).build());
    cluster.start();
    URI rest = cluster.getRestAddress().get();
    config.setString("execution.target", "remote");
    config.setString("rest.address", rest.getHost());
    config.setString("rest.port", Integer.toString(rest.getPort()));
  }

  private static void serve(Configuration config) throws Exception {
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      JsonNode request = JSON.readTree(line);
      TableEnvironment session = session(config);
      for (String statement : split(request.get("script").asText())) {
        boolean isHeapAsked = request.path("heap").asBoolean();
        print(run(session, statement, isHeapAsked, request.path("rows").asBoolean()));
      }
      ObjectNode end = JSON.createObjectNode();
      end.set("id", request.path("id"));
      print(end.put("done", true));
    }
  }

  private static void runFile(Configuration config, Path file) throws Exception {
    ObjectNode figures = JSON.createObjectNode();
    for (int round = 0; round < 3; round++) {
      TableEnvironment session = session(config);
      ObjectNode last = JSON.createObjectNode();
      for (String statement : split(Files.readString(file))) {
        last = run(session, statement, round == 2, false);
        if (last.has("error")) throw new IllegalStateException(last.toString());
      }
      if (round == 2) figures.set("heapBytes", last.path("heapBytes"));
      else figures = last;
    }
    print(figures.put("file", file.toString()));
  }

  private static TableEnvironment session(Configuration config) {
    return TableEnvironment.create(EnvironmentSettings.newInstance().inStreamingMode()
        .withConfiguration(config).build());
  }

  private static ObjectNode run(
      TableEnvironment session, String statement, boolean isHeapAsked, boolean areRowsAsked) {
    ObjectNode line = JSON.createObjectNode().put("statement", statement);
    try {
      Matcher set = SET.matcher(statement);
      if (set.matches()) {
        session.getConfig().set(set.group(1), set.group(2));
        return line.put("kind", "SET");
      }
      LiveHeap heap = isHeapAsked && isInsert(statement) ? new LiveHeap() : null;
      long cpu = cpuMs();
      long start = System.nanoTime();
      TableResult result = session.executeSql(statement);
      boolean isJob = result.getJobClient().isPresent();
      if (isJob && isInsert(statement)) {
        result.await();
        line.put("kind", "INSERT");
      } else if (result.getResultKind() == ResultKind.SUCCESS_WITH_CONTENT) {
        fold(result, line.put("kind", "QUERY"), areRowsAsked);
      } else {
        line.put("kind", "DDL");
      }
      line.put("ms", (System.nanoTime() - start) / 1_000_000).put("cpuMs", cpuMs() - cpu);
      if (heap != null) line.put("heapBytes", heap.end());
    } catch (Throwable failure) {
      line.put("error", String.valueOf(failure.getMessage()));
      ArrayNode causes = line.putArray("causes");
      for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
        causes.add(cause.getClass().getSimpleName() + ": " + cause.getMessage());
      }
    }
    return line;
  }

  /** How many changes, how many rows they leave, and a hash of these whatever their order. */
  private static void fold(TableResult result, ObjectNode line, boolean areRowsAsked)
      throws Exception {
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    long changes = 0;
    long rows = 0;
    long hash = 0;
    try (CloseableIterator<Row> iterator = result.collect()) {
      while (iterator.hasNext()) {
        Row row = iterator.next();
        RowKind kind = row.getKind();
        ArrayNode values = JSON.createArrayNode();
        for (int i = 0; i < row.getArity(); i++) add(values, row.getField(i));
        byte[] digest = sha.digest(values.toString().getBytes(StandardCharsets.UTF_8));
        int sign = kind == RowKind.INSERT || kind == RowKind.UPDATE_AFTER ? 1 : -1;
        changes++;
        rows += sign;
        hash += sign * ByteBuffer.wrap(digest).getLong();
        if (!areRowsAsked) continue;
        ObjectNode change = JSON.createObjectNode().put("op", kind.shortString());
        change.set("row", values);
        print(change);
      }
    }
    line.put("changes", changes).put("rows", rows).put("hash", String.format("%016x", hash));
  }

  /** The types of the bench's results; other ones are refused. */
  private static void add(ArrayNode to, Object value) {
    if (value == null) to.addNull();
    else if (value instanceof Boolean flag) to.add(flag);
    else if (value instanceof Byte || value instanceof Short || value instanceof Integer) {
      to.add(((Number) value).intValue());
    } else if (value instanceof BigDecimal number) to.add(number.toPlainString());
    else if (value instanceof Float || value instanceof Double || value instanceof Iterable
        || value instanceof Row || value.getClass().isArray()) {
      throw new IllegalArgumentException("no text for " + value.getClass());
    } else to.add(value.toString());
  }

  private static boolean isInsert(String statement) {
    return statement.regionMatches(true, 0, "INSERT", 0, 6);
  }

  /** Splits at semicolons outside quotes; comments are lines that begin with two hyphens. */
  private static List<String> split(String text) {
    List<String> statements = new ArrayList<>();
    StringBuilder current = new StringBuilder();
    char quote = 0;
    for (char c : text.replaceAll("(?m)^--.*$", "").toCharArray()) {
      if (quote == 0 && c == ';') {
        if (!current.toString().isBlank()) statements.add(current.toString().strip());
        current.setLength(0);
        continue;
      }
      if (quote != 0) quote = c == quote ? 0 : quote;
      else if (c == '\'' || c == '`' || c == '"') quote = c;
      current.append(c);
    }
    if (!current.toString().isBlank()) statements.add(current.toString().strip());
    return statements;
  }

  private static long cpuMs() {
    return ((com.sun.management.OperatingSystemMXBean)
        ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1_000_000;
  }

  private static void print(ObjectNode line) {
    out.println(line);
    out.flush();
  }

  /**
   * The most that lives on the heap after a collection while a job runs, above the least: state of
   * jobs before may take a collection or two to go.
   */
  private static final class LiveHeap extends Thread {
    private volatile boolean isOver;
    private long least = Long.MAX_VALUE;
    private long most;

    LiveHeap() {
      setDaemon(true);
      sample();
      start();
    }

    @Override
    public void run() {
      while (!isOver) sample();
    }

    long end() throws InterruptedException {
      isOver = true;
      join();
      return most - least;
    }

    private void sample() {
      System.gc();
      long live = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      least = Math.min(least, live);
      most = Math.max(most, live);
    }
  }
}
