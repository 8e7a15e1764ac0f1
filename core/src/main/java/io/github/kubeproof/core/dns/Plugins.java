package io.github.kubeproof.core.dns;

import io.github.kubeproof.core.dns.CorefileFault.Phase;
import io.github.kubeproof.core.dns.ServerBlock.Directive;
import io.github.kubeproof.core.source.Spelling;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.Cidr;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What the plugins of CoreDNS want of their lines (coredns/coredns plugin/NAME/setup.go and its
 * README). What depends on files, on the network or on the host is not asked.
 *
 * <p>A plugin that is not checked here accepts everything.
 */
final class Plugins {

  /** The plugins of an official build (coredns/coredns core/dnsserver/zdirectives.go). */
  static final Set<String> NAMES =
      Set.of(
          "root",
          "metadata",
          "geoip",
          "cancel",
          "proxyproto",
          "quic",
          "grpc_server",
          "https",
          "https3",
          "timeouts",
          "multisocket",
          "reload",
          "nsid",
          "bufsize",
          "bind",
          "debug",
          "trace",
          "ready",
          "health",
          "pprof",
          "shed",
          "prometheus",
          "errors",
          "log",
          "dnstap",
          "local",
          "dns64",
          "any",
          "chaos",
          "loadbalance",
          "tsig",
          "rewrite",
          "autopath",
          "acl",
          "cache",
          "header",
          "dnssec",
          "tls",
          "minimal",
          "template",
          "transfer",
          "hosts",
          "route53",
          "azure",
          "clouddns",
          "k8s_external",
          "kubernetes",
          "file",
          "auto",
          "secondary",
          "etcd",
          "loop",
          "forward",
          "grpc",
          "erratic",
          "whoami",
          "on",
          "sign",
          "view",
          "nomad");

  private static final Set<String> ONCE =
      Set.of(
          "cache", "errors", "grpc", "hosts", "kubernetes", "loop", "prometheus", "ready", "view");

  private static final int MOST_UPSTREAMS = 15;

  private static final Set<String> CLIENT_AUTH =
      Set.of("nocert", "request", "require", "verify_if_given", "require_and_verify");

  /** The properties of plugins, as the methods below take them. */
  static final Map<String, List<String>> PROPERTIES =
      Map.ofEntries(
          Map.entry("bind", List.of("except")),
          Map.entry(
              "cache",
              List.of(
                  "success",
                  "denial",
                  "prefetch",
                  "serve_stale",
                  "servfail",
                  "disable",
                  "keepttl")),
          Map.entry("dnssec", List.of("key", "cache_capacity", "signature")),
          Map.entry("errors", List.of("consolidate", "stacktrace")),
          Map.entry(
              "etcd",
              List.of(
                  "path",
                  "endpoint",
                  "credentials",
                  "fallthrough",
                  "tls",
                  "min-lease-ttl",
                  "max-lease-ttl")),
          Map.entry(
              "forward",
              List.of(
                  "except",
                  "max_fails",
                  "max_concurrent",
                  "max_idle_conns",
                  "max_connect_attempts",
                  "health_check",
                  "force_tcp",
                  "prefer_udp",
                  "failfast_all_unhealthy_upstreams",
                  "tls",
                  "tls_servername",
                  "expire",
                  "max_age",
                  "timeout",
                  "read_timeout",
                  "policy",
                  "next",
                  "failover",
                  "resolver",
                  "doh_method",
                  "source_address")),
          Map.entry("health", List.of("lameduck")),
          Map.entry(
              "kubernetes",
              List.of(
                  "endpoint_pod_names",
                  "noendpoints",
                  "pods",
                  "namespaces",
                  "endpoint",
                  "apiserver_qps",
                  "apiserver_burst",
                  "apiserver_max_inflight",
                  "tls",
                  "labels",
                  "namespace_labels",
                  "fallthrough",
                  "ttl",
                  "ignore",
                  "kubeconfig",
                  "multicluster",
                  "startup_timeout")),
          Map.entry("log", List.of("class")),
          Map.entry("tls", List.of("client_auth")),
          Map.entry("template", List.of("match", "answer", "additional", "authority", "rcode")),
          Map.entry("secondary", List.of("transfer")),
          Map.entry("transfer", List.of("to")),
          Map.entry("view", List.of("expr")));

  private final ServerBlock block;
  private final Dispenser words;

  private Plugins(ServerBlock block, Dispenser words) {
    this.block = block;
    this.words = words;
  }

  /** The first fault of each plugin of a block. */
  static List<CorefileFault> faults(ServerBlock block) {
    Map<String, List<Token>> grouped = new TreeMap<>();
    for (Directive directive : block.directives()) {
      grouped.computeIfAbsent(directive.name(), n -> new ArrayList<>()).addAll(directive.tokens());
    }
    List<CorefileFault> faults = new ArrayList<>();
    grouped.forEach(
        (name, tokens) -> {
          try {
            new Plugins(block, new Dispenser(tokens)).check(name);
          } catch (Misuse misuse) {
            faults.add(misuse.in(Phase.SETUP));
          }
        });
    return faults;
  }

  private void check(String name) throws Misuse {
    for (int number = 1; words.next(); number++) {
      if (number > 1 && ONCE.contains(name)) {
        throw words.misuse(name + " may stand only once in a server block");
      }
      switch (name) {
        case "any", "debug", "loop", "minimal", "whoami" -> noArgs();
        case "acl" -> acl();
        case "bind" -> bind();
        case "bufsize" -> {
          bufsize();
          return; // the others are not read
        }
        case "cache" -> cache();
        case "dnssec" -> dnssec();
        case "errors" -> errors();
        case "etcd" -> etcd();
        case "forward" -> forward();
        case "header" -> header();
        case "health" -> health();
        case "hosts" -> hosts();
        case "kubernetes" -> kubernetes();
        case "loadbalance" -> loadbalance();
        case "log" -> log();
        case "multisocket" -> multisocket();
        case "prometheus", "ready" -> {
          address(1);
          if (words.nextBlock()) {
            return; // newer releases know properties
          }
        }
        case "reload" -> {
          reload();
          return; // the others are not read
        }
        case "rewrite" -> new Rewrites(words).check();
        case "root" -> count(1, 1);
        case "secondary" ->
            required("secondary", "transfer", "a secondary zone needs \"transfer from\"");
        case "template" -> template();
        case "tls" -> tls();
        case "transfer" -> required("transfer", "to", "transfer needs a line \"to\"");
        case "view" -> view();
        default -> {
          return;
        }
      }
      if (words.isInBlock()) {
        throw words.misuse(
            "the block of " + name + " is not closed: } must begin a line, and nothing may follow");
      }
    }
  }

  private void noArgs() throws Misuse {
    if (words.nextArg()) {
      throw words.wrongCount();
    }
  }

  /** The values up to the end of the line. */
  private List<Token> count(int least, int most) throws Misuse {
    List<Token> args = words.remaining();
    if (args.size() < least || args.size() > most) {
      throw words.wrongCount();
    }
    return args;
  }

  private static int number(Token token) throws Misuse {
    if (!token.text().matches("[-+]?[0-9]{1,9}")) {
      throw new Misuse(token, "\"" + token.text() + "\" is no number");
    }
    return Integer.parseInt(token.text());
  }

  private static BigDecimal duration(Token token) throws Misuse {
    return Durations.millis(token.text())
        .orElseThrow(
            () ->
                new Misuse(
                    token,
                    "\""
                        + token.text()
                        + "\" is no duration"
                        + (token.text().matches("[0-9]+")
                            ? ": a unit is missing, as in " + token.text() + "s"
                            : "")));
  }

  private static BigDecimal positiveDuration(Token token) throws Misuse {
    BigDecimal millis = duration(token);
    if (millis.signum() < 0) {
      throw new Misuse(token, "a duration below zero: " + token.text());
    }
    return millis;
  }

  private void acl() throws Misuse {
    words.remaining();
    while (words.nextBlock()) {
      String action = words.val().toLowerCase(Locale.ROOT);
      if (!Set.of("allow", "block", "filter", "drop").contains(action)) {
        throw words.misuse("acl knows allow, block, filter and drop, not " + words.quoted());
      }
      String section = "";
      boolean filled = true;
      for (Token token : words.remaining()) {
        String word = token.text().toLowerCase(Locale.ROOT);
        if (word.equals("type") || word.equals("net")) {
          section = word;
          filled = false;
        } else if (section.isEmpty()) {
          throw new Misuse(token, "\"type\" or \"net\" is missing before \"" + token.text() + "\"");
        } else {
          filled = true;
          aclValue(section, token);
        }
      }
      if (!filled) {
        throw words.misuse("nothing stands behind \"" + section + "\"");
      }
    }
  }

  private static void aclValue(String section, Token token) throws Misuse {
    if (token.is("*")) {
      return;
    }
    if (section.equals("type") && !DnsWords.TYPES.contains(token.text())) {
      throw new Misuse(token, DnsWords.unknownType(token.text()));
    }
    boolean isNet = Address.parse(token.text()).isPresent() || Cidr.parse(token.text()).isPresent();
    if (section.equals("net") && !isNet) {
      throw new Misuse(token, "\"" + token.text() + "\" is no network");
    }
  }

  private void bind() throws Misuse {
    List<Token> args = words.remaining();
    if (args.isEmpty()) {
      throw words.misuse("bind needs an address or the name of an interface");
    }
    for (Token arg : args) {
      // anything else may be the name of an interface
      boolean isMeantAsAddress = arg.text().matches(".*[:/].*|[0-9.]+");
      if (isMeantAsAddress && Address.parse(arg.text().replaceFirst("%.*", "")).isEmpty()) {
        throw new Misuse(arg, "\"" + arg.text() + "\" is no address");
      }
    }
    while (words.nextBlock()) {
      if (!words.val().equals("except")) {
        throw unknownProperty("bind");
      }
      words.remaining();
    }
  }

  private void bufsize() throws Misuse {
    List<Token> args = words.remaining();
    if (args.isEmpty()) {
      return;
    }
    boolean fits =
        args.size() == 1
            && args.get(0).text().matches("[0-9]{1,5}")
            && number(args.get(0)) >= 512
            && number(args.get(0)) <= 4096;
    if (!fits) {
      throw words.misuse("bufsize needs one number from 512 to 4096");
    }
  }

  private void cache() throws Misuse {
    List<Token> args = words.remaining();
    if (!args.isEmpty() && args.get(0).text().matches("[-+]?[0-9]+")) {
      ttl(args.get(0), 1);
    }
    while (words.nextBlock()) {
      switch (words.val()) {
        case "success", "denial" -> {
          List<Token> values = count(1, Integer.MAX_VALUE);
          number(values.get(0));
          if (values.size() > 1) {
            ttl(values.get(1), 1);
          }
          if (values.size() > 2) {
            ttl(values.get(2), 0);
          }
        }
        case "prefetch" -> prefetch();
        case "serve_stale" -> {
          List<Token> values = count(0, 2);
          if (!values.isEmpty()) {
            positiveDuration(values.get(0));
          }
          if (values.size() > 1
              && !Set.of("immediate", "verify")
                  .contains(values.get(1).text().toLowerCase(Locale.ROOT))) {
            throw new Misuse(
                values.get(1),
                "serve_stale knows immediate and verify, not \"" + values.get(1).text() + "\"");
          }
        }
        case "servfail" -> {
          BigDecimal millis = positiveDuration(count(1, 1).get(0));
          if (millis.compareTo(new BigDecimal(300_000)) > 0) {
            throw words.misuse("servfail may be cached for 5 minutes at most");
          }
        }
        case "disable" -> {
          List<Token> values = count(1, Integer.MAX_VALUE);
          if (!Set.of("success", "denial").contains(values.get(0).text())) {
            throw new Misuse(
                values.get(0),
                "disable needs success or denial, not \"" + values.get(0).text() + "\"");
          }
        }
        case "keepttl" -> count(0, 0);
        default -> throw unknownProperty("cache");
      }
    }
  }

  private static void ttl(Token token, int least) throws Misuse {
    if (number(token) < least) {
      throw new Misuse(
          token, "a time to live of " + token.text() + " is too small: " + least + " is the least");
    }
  }

  private void prefetch() throws Misuse {
    List<Token> values = count(1, 3);
    ttl(values.get(0), 0);
    if (values.size() > 1) {
      duration(values.get(1));
    }
    if (values.size() > 2) {
      Token share = values.get(2);
      boolean fits = share.text().matches("[1-9][0-9]%") && !share.text().matches("9[1-9]%");
      if (!fits) {
        throw new Misuse(share, "prefetch needs a share from 10% to 90%, not " + share.text());
      }
    }
  }

  private void dnssec() throws Misuse {
    words.remaining();
    while (words.nextBlock()) {
      switch (words.val()) {
        case "key" -> count(1, Integer.MAX_VALUE);
        case "cache_capacity" -> number(count(1, Integer.MAX_VALUE).get(0));
        case "signature" -> words.remaining();
        default -> throw unknownProperty("dnssec");
      }
    }
  }

  private void errors() throws Misuse {
    List<Token> args = words.remaining();
    if (args.size() > 1) {
      throw words.wrongCount();
    }
    if (!args.isEmpty() && !args.get(0).is("stdout")) {
      throw new Misuse(
          args.get(0), "errors writes to stdout only, not to \"" + args.get(0).text() + "\"");
    }
    while (words.nextBlock()) {
      switch (words.val()) {
        case "consolidate" -> {
          List<Token> values = count(2, 4);
          positiveDuration(values.get(0));
          regex(values.get(1));
        }
        case "stacktrace" -> count(0, 0);
        default -> throw unknownProperty("errors");
      }
    }
  }

  private void tls() throws Misuse {
    count(2, 3);
    while (words.nextBlock()) {
      if (!words.val().equals("client_auth")) {
        throw unknownProperty("tls");
      }
      Token kind = count(1, 1).get(0);
      if (!CLIENT_AUTH.contains(kind.text())) {
        throw new Misuse(
            kind,
            "tls knows no client_auth \""
                + kind.text()
                + "\""
                + Spelling.hint(kind.text(), CLIENT_AUTH));
      }
    }
  }

  private void etcd() throws Misuse {
    words.remaining();
    while (words.nextBlock()) {
      switch (words.val()) {
        case "path", "endpoint" -> count(1, Integer.MAX_VALUE);
        case "credentials" -> count(2, 2);
        case "stubzones",
            "fallthrough",
            "debug",
            "upstream",
            "tls",
            "min-lease-ttl",
            "max-lease-ttl" ->
            words.remaining();
        default -> throw unknownProperty("etcd");
      }
    }
  }

  private void forward() throws Misuse {
    if (!words.nextArg()) {
      throw words.wrongCount();
    }
    List<Token> upstreams = words.remaining();
    if (upstreams.isEmpty()) {
      throw words.misuse(
          "forward needs a zone and an upstream; " + words.quoted() + " is read as the zone");
    }
    for (Token upstream : upstreams) {
      Optional<String> flaw = Upstream.flaw(upstream.text());
      if (flaw.isPresent()) {
        throw new Misuse(upstream, flaw.get());
      }
    }
    while (words.nextBlock()) {
      forwardProperty();
    }
    if (upstreams.size() > MOST_UPSTREAMS) {
      throw new Misuse(
          upstreams.get(MOST_UPSTREAMS),
          upstreams.size() + " upstreams, and " + MOST_UPSTREAMS + " are the most");
    }
  }

  /** One value; what else stands on the line is read as properties, as CoreDNS does. */
  private Token one() throws Misuse {
    if (!words.nextArg()) {
      throw words.wrongCount();
    }
    return words.token();
  }

  private void forwardProperty() throws Misuse {
    switch (words.val()) {
      case "except" -> count(1, Integer.MAX_VALUE);
      case "max_fails", "max_concurrent", "max_idle_conns", "max_connect_attempts" -> {
        Token value = one();
        if (number(value) < 0) {
          throw new Misuse(value, "a number below zero: " + value.text());
        }
      }
      case "health_check" -> {
        positiveDuration(one());
        while (words.nextArg()) {
          switch (words.val()) {
            case "no_rec" -> {}
            case "domain" -> one();
            default -> throw words.misuse("health_check has no option " + words.quoted());
          }
        }
      }
      case "force_tcp", "prefer_udp", "failfast_all_unhealthy_upstreams" -> noArgs();
      case "tls" -> count(0, 3);
      case "tls_servername" -> one();
      case "expire", "max_age", "timeout", "read_timeout" -> positiveDuration(one());
      case "policy" -> {
        Token policy = one();
        Set<String> policies = Set.of("random", "round_robin", "sequential");
        if (!policies.contains(policy.text())) {
          throw new Misuse(
              policy,
              "forward has no policy \""
                  + policy.text()
                  + "\""
                  + Spelling.hint(policy.text(), policies));
        }
      }
      case "next", "failover", "resolver", "doh_method", "source_address" ->
          count(1, Integer.MAX_VALUE);
      default -> throw unknownProperty("forward");
    }
  }

  private void header() throws Misuse {
    List<List<Token>> lines = new ArrayList<>();
    lines.add(words.remaining());
    while (words.nextBlock()) {
      List<Token> line = new ArrayList<>();
      line.add(words.token());
      line.addAll(words.remaining());
      lines.add(line);
    }
    for (List<Token> line : lines) {
      boolean flags = false;
      for (Token token : line) {
        String word = token.text().toLowerCase(Locale.ROOT);
        if (flags && !Set.of("aa", "ra", "rd").contains(word)) {
          throw new Misuse(
              token, "header knows the flags aa, ra and rd, not \"" + token.text() + "\"");
        }
        flags |= word.equals("set") || word.equals("clear");
      }
    }
  }

  /** Addresses as a listener wants them: {@code :8080}, {@code 10.0.0.1:8080}. */
  private void address(int most) throws Misuse {
    for (Token arg : count(0, most)) {
      boolean fits = arg.text().matches("[^:\\[\\]]*:[^:]*|\\[[^\\[\\]]*\\]:[^:]*");
      if (!fits) {
        throw new Misuse(
            arg,
            "\""
                + arg.text()
                + "\" is no address with a port"
                + (arg.text().matches("[0-9]+") ? ": write :" + arg.text() : ""));
      }
    }
  }

  private void health() throws Misuse {
    address(1);
    while (words.nextBlock()) {
      if (!words.val().equals("lameduck")) {
        throw unknownProperty("health");
      }
      duration(count(1, 1).get(0));
    }
  }

  private void hosts() throws Misuse {
    words.remaining();
    boolean fallsThrough = false;
    while (words.nextBlock()) {
      switch (words.val()) {
        case "fallthrough" -> {
          words.remaining();
          fallsThrough = true;
        }
        case "no_reverse" -> words.remaining();
        case "ttl" -> {
          List<Token> values = count(1, Integer.MAX_VALUE);
          int seconds = number(values.get(0));
          if (seconds <= 0 || seconds > 65535) {
            throw new Misuse(values.get(0), "ttl must be from 1 to 65535: " + seconds);
          }
        }
        case "reload" -> positiveDuration(count(1, 1).get(0));
        default -> {
          if (fallsThrough) {
            throw words.misuse(
                "an entry of hosts must stand above fallthrough: "
                    + words.quoted()
                    + " is read as a property");
          }
          words.remaining();
        }
      }
    }
  }

  private void kubernetes() throws Misuse {
    List<Token> zones = words.remaining();
    if (!zones.isEmpty()
        && zones.stream()
            .flatMap(zone -> ZoneAddress.zones(zone.text()).stream())
            .allMatch(zone -> zone.endsWith(".in-addr.arpa.") || zone.endsWith(".ip6.arpa."))) {
      throw new Misuse(zones.get(0), "kubernetes needs a zone for names, not only for addresses");
    }
    List<String> served = new ArrayList<>();
    zones.forEach(zone -> served.addAll(ZoneAddress.zones(zone.text())));
    if (zones.isEmpty()) {
      block.zones().forEach(zone -> served.add(zone.zone()));
    }
    List<Token> multicluster = List.of();
    boolean byName = false;
    boolean byLabel = false;
    while (words.nextBlock()) {
      switch (words.val()) {
        case "endpoint_pod_names", "noendpoints" -> count(0, 0);
        case "pods" -> {
          Token mode = count(1, 1).get(0);
          if (!Set.of("disabled", "insecure", "verified").contains(mode.text())) {
            throw new Misuse(
                mode, "pods must be disabled, insecure or verified, not \"" + mode.text() + "\"");
          }
        }
        case "namespaces" -> {
          count(1, Integer.MAX_VALUE);
          byName = true;
        }
        case "endpoint", "apiserver_qps", "apiserver_burst", "apiserver_max_inflight" ->
            count(1, Integer.MAX_VALUE);
        case "tls" -> count(3, 3);
        case "labels", "namespace_labels" -> {
          byLabel |= words.val().equals("namespace_labels");
          selector(count(1, Integer.MAX_VALUE));
        }
        case "fallthrough" -> words.remaining();
        case "ttl" -> {
          int seconds = number(count(1, Integer.MAX_VALUE).get(0));
          if (seconds < 0 || seconds > 3600) {
            throw words.misuse("ttl must be from 0 to 3600: " + seconds);
          }
        }
        case "ignore" -> {
          List<Token> values = words.remaining();
          if (!values.isEmpty() && !values.get(0).is("empty_service")) {
            throw new Misuse(values.get(0), "ignore knows empty_service only");
          }
        }
        case "kubeconfig" -> count(1, 2);
        case "multicluster" -> multicluster = count(1, Integer.MAX_VALUE);
        case "startup_timeout" -> duration(count(1, Integer.MAX_VALUE).get(0));
        default -> throw unknownProperty("kubernetes");
      }
    }
    if (byName && byLabel) {
      throw words.misuse("namespaces and namespace_labels exclude each other");
    }
    for (Token zone : multicluster) {
      if (!served.contains(ZoneAddress.normal(zone.text()))) {
        throw words.misuse(
            "the multicluster zone " + zone.text() + " is none of the zones of kubernetes");
      }
    }
  }

  private static final Pattern REQUIREMENT =
      Pattern.compile(
          "\\s*(?:![^\\s=!<>(),]+|[^\\s=!<>(),]+"
              + "(?:\\s*(?:==|=|!=|<|>)\\s*[^\\s=!<>(),]*|\\s+(?:in|notin)\\s*\\([^()]*\\))?)\\s*");

  private static void selector(List<Token> args) throws Misuse {
    String text = String.join(" ", args.stream().map(Token::text).toList());
    for (String requirement : text.split(",(?![^(]*\\))", -1)) {
      if (!REQUIREMENT.matcher(requirement).matches()) {
        throw new Misuse(args.get(0), "\"" + requirement.strip() + "\" is no label selector");
      }
    }
  }

  private void loadbalance() throws Misuse {
    List<Token> args = words.remaining();
    if (args.isEmpty()) {
      return;
    }
    switch (args.get(0).text()) {
      case "round_robin", "prefer" -> {}
      case "weighted" -> {
        if (args.size() < 2) {
          throw words.misuse("loadbalance weighted needs a file with the weights");
        }
      }
      default ->
          throw new Misuse(
              args.get(0),
              "loadbalance knows round_robin, weighted and prefer, not \""
                  + args.get(0).text()
                  + "\"");
    }
    while (words.nextBlock()) {
      words.remaining();
    }
  }

  private void log() throws Misuse {
    words.remaining();
    while (words.nextBlock()) {
      if (!words.val().equals("class")) {
        throw unknownProperty("log");
      }
      for (Token value : count(1, Integer.MAX_VALUE)) {
        if (!Set.of("all", "denial", "error", "success").contains(value.text())) {
          throw new Misuse(
              value,
              "log knows the classes all, denial, error and success, not \"" + value.text() + "\"");
        }
      }
    }
  }

  private void multisocket() throws Misuse {
    for (Token arg : count(0, 1)) {
      ttl(arg, 1);
    }
  }

  private void reload() throws Misuse {
    List<Token> args = count(0, 2);
    if (!args.isEmpty() && duration(args.get(0)).compareTo(new BigDecimal(2000)) < 0) {
      throw new Misuse(
          args.get(0), "reload looks every 2s at most, not every " + args.get(0).text());
    }
    if (args.size() > 1) {
      BigDecimal jitter = duration(args.get(1));
      if (jitter.signum() != 0 && jitter.compareTo(new BigDecimal(1000)) < 0) {
        throw new Misuse(
            args.get(1), "the jitter of reload is 0 or at least 1s, not " + args.get(1).text());
      }
    }
  }

  private Misuse unknownProperty(String plugin) {
    return words.unknownProperty(plugin, PROPERTIES.getOrDefault(plugin, List.of()));
  }

  /** A block that must have a certain property. */
  private void required(String plugin, String property, String otherwise) throws Misuse {
    words.remaining();
    boolean found = false;
    while (words.nextBlock()) {
      if (!words.val().equals(property) && !words.val().equals("fallthrough")) {
        throw unknownProperty(plugin);
      }
      found |= words.val().equals(property);
      words.remaining();
    }
    if (!found) {
      throw words.misuse(otherwise);
    }
  }

  private void template() throws Misuse {
    Token first = one();
    if (!DnsWords.CLASSES.contains(first.text())) {
      throw new Misuse(first, DnsWords.unknownClass(first.text()));
    }
    Token type = one();
    if (!DnsWords.TYPES.contains(type.text())) {
      throw new Misuse(type, DnsWords.unknownType(type.text()));
    }
    words.remaining();
    while (words.nextBlock()) {
      switch (words.val()) {
        case "match" -> {
          for (Token pattern : count(1, Integer.MAX_VALUE)) {
            regex(pattern);
          }
        }
        case "answer", "additional", "authority" -> {
          for (Token text : count(1, Integer.MAX_VALUE)) {
            goTemplate(text);
          }
        }
        case "rcode" -> {
          Token code = count(1, 1).get(0);
          if (!DnsWords.RCODES.contains(code.text())) {
            throw new Misuse(
                code,
                "there is no response code \""
                    + code.text()
                    + "\""
                    + Spelling.hint(code.text(), DnsWords.RCODES));
          }
        }
        case "fallthrough", "upstream", "ederror" -> words.remaining();
        default -> throw unknownProperty("template");
      }
    }
  }

  private static void goTemplate(Token token) throws Misuse {
    String text = token.text();
    for (int at = text.indexOf("{{"); at >= 0; at = text.indexOf("{{", at + 2)) {
      int close = text.indexOf("}}", at);
      int again = text.indexOf("{{", at + 2);
      if (close < 0 || (again >= 0 && again < close)) {
        throw new Misuse(token, "the template is not closed: }} is missing");
      }
    }
  }

  /** A regular expression of Go, as far as Java's tell what is wrong with it. */
  static void regex(Token token) throws Misuse {
    String text = token.text();
    if (Pattern.compile("(?<!\\\\)\\(\\?(?:[=!]|<[=!])").matcher(text).find()) {
      throw new Misuse(token, "Go's regular expressions cannot look ahead or behind");
    }
    // Go names groups with a P and allows underscores; a brace that counts nothing is a letter
    String java =
        text.replaceAll("\\(\\?P?<[A-Za-z0-9_]+>", "(")
            .replaceAll("(?<!\\\\)(?<!\\\\[pP])\\{(?![0-9]+(?:,[0-9]*)?\\})", "\\\\{");
    try {
      Pattern.compile(java);
    } catch (PatternSyntaxException e) {
      throw new Misuse(
          token,
          "\""
              + text
              + "\" is no regular expression: "
              + e.getDescription().toLowerCase(Locale.ROOT));
    }
  }

  private static final Set<String> FUNCTIONS =
      Set.of(
          "bufsize",
          "class",
          "client_ip",
          "do",
          "id",
          "incidr",
          "metadata",
          "name",
          "opcode",
          "port",
          "proto",
          "server_ip",
          "server_port",
          "size",
          "type");

  private static final Pattern CALL = Pattern.compile("(?<![.\\w])([A-Za-z_]\\w*)\\s*\\(");

  private void view() throws Misuse {
    count(1, 1);
    while (words.nextBlock()) {
      if (!words.val().equals("expr")) {
        throw unknownProperty("view");
      }
      List<Token> args = count(1, Integer.MAX_VALUE);
      String text = String.join(" ", args.stream().map(Token::text).toList());
      String bare = text.replaceAll("'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"", "''");
      if (count(bare, '(') != count(bare, ')')) {
        throw new Misuse(args.get(0), "the expression has unbalanced parentheses: " + text);
      }
      Matcher call = CALL.matcher(bare);
      while (call.find()) {
        // the language has dozens of functions of its own: only a misspelt one of CoreDNS counts
        String name = call.group(1);
        Optional<String> near = Spelling.nearest(name, FUNCTIONS);
        if (!FUNCTIONS.contains(name) && name.length() > 5 && near.isPresent()) {
          throw new Misuse(
              args.get(0), "there is no function " + name + "; did you mean " + near.get() + "?");
        }
      }
    }
  }

  private static long count(String text, char letter) {
    return text.chars().filter(c -> c == letter).count();
  }
}
