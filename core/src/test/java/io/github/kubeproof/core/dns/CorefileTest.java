package io.github.kubeproof.core.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.github.kubeproof.core.dns.CorefileFault.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a real CoreDNS said of Corefiles, each with one fault or none. */
class CorefileTest {

  private static final Path ORACLE = Path.of("..", "..", "shared", "oracle", "coredns");

  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "ORACLE_UPSTREAM", "10.1.1.1",
          "ORACLE_LIST", "10.1.1.1 10.1.1.2",
          "ORACLE_PORT", "5353",
          "ORACLE_DIRECTIVE", "errors",
          "ORACLE_UNSET", "");

  /** Refused for what the Corefile alone does not show. */
  private static final Map<String, String> NOT_DECIDED =
      Map.ofEntries(
          Map.entry("bind-no-such-interface", "the host has no interface eth99"),
          Map.entry("dnssec-key-missing", "a file is missing"),
          Map.entry("file-plugin-broken-zone", "a zone file is wrong"),
          Map.entry("file-plugin-missing-reload-0", "a file is missing"),
          Map.entry("file-plugin-no-soa", "a zone file is wrong"),
          Map.entry("forward-hostname-resolver", "no resolver answers"),
          Map.entry("forward-resolv-conf-relative", "the name resolv.conf does not resolve"),
          Map.entry("forward-tls-missing-cert", "a file is missing"),
          Map.entry("import-directory", "the import is a folder"),
          Map.entry("import-file-bad-directive", "an imported file is wrong"),
          Map.entry("import-missing-file", "a file is missing"),
          Map.entry("kubernetes-kubeconfig-missing", "a file is missing"),
          Map.entry("tls-plugin-missing-cert", "a file is missing"));

  /** CoreDNS points to line 1, which it reads as a plugin; the import is what is wrong. */
  private static final Map<String, Integer> LINES = Map.of("import-self", 2);

  @BeforeEach
  void theAnswersAreThere() {
    assumeTrue(Files.exists(ORACLE), "the answers of CoreDNS are not beside the project");
  }

  private static List<JsonObject> answers() throws IOException {
    List<JsonObject> answers = new ArrayList<>();
    Gson gson = new Gson();
    for (String line : Files.readAllLines(ORACLE.resolve("verdicts.jsonl"))) {
      answers.add(gson.fromJson(line, JsonObject.class));
    }
    return answers;
  }

  private static Corefile read(String file) throws IOException {
    return Corefile.parse(
        new String(
            Files.readAllBytes(ORACLE.resolve("cases").resolve(file)),
            java.nio.charset.StandardCharsets.UTF_8),
        name -> Optional.of(ENVIRONMENT.getOrDefault(name, "")));
  }

  private static String phase(JsonObject answer) {
    return answer.get("phase").isJsonNull() ? "" : answer.get("phase").getAsString();
  }

  @TestFactory
  Stream<DynamicTest> corefilesAreRefusedAsCoreDnsRefusesThem() throws IOException {
    Set<String> early = Set.of("parse", "keys", "setup", "servers");
    return answers().stream()
        .filter(answer -> !NOT_DECIDED.containsKey(name(answer)))
        .map(
            answer ->
                dynamicTest(
                    name(answer),
                    () -> {
                      Corefile ours = read(answer.get("file").getAsString());
                      if (!early.contains(phase(answer))) {
                        assertThat(ours.faults()).isEmpty();
                        return;
                      }
                      assertThat(ours.faults()).as("%s", answer.get("error")).isNotEmpty();
                      CorefileFault first = ours.faults().get(0);
                      assertThat(first.phase())
                          .isEqualTo(Phase.valueOf(phase(answer).toUpperCase(Locale.ROOT)));
                      if (!answer.get("line").isJsonNull()) {
                        assertThat(first.at().line())
                            .as("%s", first)
                            .isEqualTo(
                                LINES.getOrDefault(name(answer), answer.get("line").getAsInt()));
                      }
                    }));
  }

  @Test
  void whatTheFileDoesNotShowIsNotRefused() throws IOException {
    assertThat(answers())
        .filteredOn(answer -> answer.get("verdict").getAsString().equals("rejected"))
        .extracting(CorefileTest::name)
        .containsAll(NOT_DECIDED.keySet());
    for (String name : NOT_DECIDED.keySet()) {
      assertThat(read(name + ".Corefile").faults()).as(name).isEmpty();
    }
  }

  private static String name(JsonObject answer) {
    return answer.get("file").getAsString().replace(".Corefile", "");
  }

  /** The Service of the server has the address 10.96.0.10, and its pods the same ports. */
  private static List<ForwardLoops.Loop> loops(Corefile corefile) {
    return ForwardLoops.in(
        corefile,
        (address, port) -> address.equals("10.96.0.10") ? Optional.of(port) : Optional.empty());
  }

  @TestFactory
  Stream<DynamicTest> loopsAreFoundWhereCoreDnsFoundThem() throws IOException {
    return answers().stream()
        .map(
            answer ->
                dynamicTest(
                    name(answer),
                    () ->
                        assertThat(
                                loops(read(answer.get("file").getAsString())).stream()
                                    .anyMatch(ForwardLoops.Loop::isFatal))
                            .isEqualTo(phase(answer).equals("runtime"))));
  }

  @Test
  void aLoopThatNobodyNoticesIsStillOne() throws IOException {
    assertThat(loops(read("loop-forward-without-loop-plugin.Corefile")))
        .singleElement()
        .satisfies(loop -> assertThat(loop.isFatal()).isFalse())
        .satisfies(loop -> assertThat(loop.upstream().text()).isEqualTo("127.0.0.1:5353"));
    assertThat(loops(read("loop-stub-zone-to-self.Corefile")))
        .singleElement()
        .satisfies(loop -> assertThat(loop.zone().zone()).isEqualTo("consul.local."));
  }

  @Test
  void theZonesAreThoseThatCoreDnsServes() throws IOException {
    for (JsonObject answer : answers()) {
      boolean isServed = answer.get("verdict").getAsString().equals("accepted");
      Corefile ours = read(answer.get("file").getAsString());
      if (!isServed || ours.blocks().isEmpty() || ours.isOpen()) {
        continue;
      }
      List<String> served = new ArrayList<>();
      for (ServerBlock block : ours.blocks()) {
        List<String> on = block.binds().isEmpty() ? List.of("") : block.binds();
        for (ZoneAddress zone : block.zones()) {
          on.forEach(address -> served.add(zone + (address.isEmpty() ? "" : " on " + address)));
        }
      }
      List<String> theirs = new ArrayList<>();
      answer.getAsJsonArray("zones").forEach(zone -> theirs.add(zone.getAsString()));
      assertThat(served).as(name(answer)).containsExactlyInAnyOrderElementsOf(theirs);
    }
  }
}
