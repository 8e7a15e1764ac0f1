package io.github.kubeproof.core.report;

import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.lint.Note;
import io.github.kubeproof.core.lint.Notice;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.RulePages;
import io.github.kubeproof.core.manifest.Manifests;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import io.github.kubeproof.core.source.YamlReader;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Flow;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reports for the tests of reporters. */
final class Samples {

  static final Rules.SelectorMatchesNothing SELECTOR = new Rules.SelectorMatchesNothing();
  static final Rules.PolicyOpenToTheWorld OPEN = new Rules.PolicyOpenToTheWorld();
  static final Rules.InvalidDocument INVALID = new Rules.InvalidDocument();

  static final Source SERVICE =
      new Source(
          "shop/cart service.yaml",
          "shop",
          """
          apiVersion: v1
          kind: Service
          metadata:
            name: cart
            namespace: shop
          spec:
            selector:
              app: cartt
            ports:
            - port: 80
              targetPort: http
          """);

  static final Source WORKLOAD =
      new Source(
          "shop/cart.yaml",
          "shop",
          """
          apiVersion: apps/v1
          kind: Deployment
          metadata:
            name: cart
            namespace: shop
          spec:
            selector:
              matchLabels:
                app: cart
            template:
              metadata:
                labels:
                  app: cart
              spec:
                containers:
                - name: cart
                  image: cart:1
                  ports:
                  - name: http
                    containerPort: 8080
          ---
          apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata:
            name: cart
            namespace: shop
          spec:
            podSelector:
              matchLabels:
                app: cart
            ingress:
            - from:
              - ipBlock:
                  cidr: 0.0.0.0/0
              ports:
              - port: 8080
          """);

  static final Endpoint WORLD = new Outside(Address.of("203.0.113.1"));
  static final Pod CART =
      new Pod(
          "Deployment shop/cart",
          0,
          "shop",
          Map.of("kubernetes.io/metadata.name", "shop"),
          Map.of("app", "cart"),
          Map.of(),
          List.of());

  private Samples() {}

  static Resource resource(Source source, int number) {
    return Manifests.read(new YamlReader(Limits.DEFAULT).read(source).documents(), 1)
        .resources()
        .get(number);
  }

  /** A finding of a rule at a field of an object. */
  static Finding finding(RuleInfo rule, Place place, Resource resource, String message) {
    return new Finding(
        rule,
        rule.severity(),
        rule.confidence(),
        "shop",
        resource,
        place.source(),
        place.span(),
        place,
        message,
        "",
        List.of(),
        null);
  }

  /** A finding about a stretch of text that is no object. */
  static Finding finding(RuleInfo rule, Source source, Span span, String message) {
    return new Finding(
        rule,
        rule.severity(),
        rule.confidence(),
        "shop",
        null,
        source,
        span,
        null,
        message,
        "",
        List.of(),
        null);
  }

  static Finding with(Finding finding, String help, List<Note> notes, Flow witness) {
    return new Finding(
        finding.rule(),
        finding.severity(),
        finding.confidence(),
        finding.unit(),
        finding.resource(),
        finding.source(),
        finding.span(),
        finding.place(),
        finding.message(),
        help,
        notes,
        witness);
  }

  /** The selector of the Service is a letter away from the labels of the pods. */
  static Finding nearMiss() {
    Resource service = resource(SERVICE, 0);
    Resource workload = resource(WORKLOAD, 0);
    return with(
        finding(
            SELECTOR.info(),
            service.place().then("spec", "selector", "app"),
            service,
            "selector app=cartt matches no pod"),
        "write app: cart",
        List.of(
            new Note(
                workload.place().then("spec", "template", "metadata", "labels", "app"),
                "the pods of Deployment shop/cart are one letter away")),
        null);
  }

  /** The policy lets everybody in. */
  static Finding openToTheWorld() {
    Resource policy = resource(WORKLOAD, 1);
    Place rule = policy.place().then("spec", "ingress", 0);
    return with(
        finding(
            OPEN.info(),
            rule.then("from", 0, "ipBlock", "cidr"),
            policy,
            "policy shop/cart lets any address reach its pods"),
        "",
        List.of(
            new Note(policy.place().then("spec", "podSelector"), "these are the pods"),
            new Note(rule.then("ports", 0, "port"), "on this port")),
        new Flow(WORLD, CART, Protocol.TCP, 8080));
  }

  static Report clean(int files) {
    return report(List.of(), List.of(), List.of(), files);
  }

  static Report report(
      List<Finding> findings, List<Report.Suppressed> suppressed, List<Notice> notices, int files) {
    return new Report(
        List.of(INVALID.info(), OPEN.info(), SELECTOR.info()),
        findings.stream().sorted(Finding.ORDER).toList(),
        suppressed,
        notices,
        files,
        files,
        new RulePages(List.of(INVALID, OPEN, SELECTOR)));
  }

  /** A bit of everything. */
  static Report rich() {
    Source broken = new Source("shop/broken.yaml", "shop", "a: [1,\n");
    List<Notice> notices = new ArrayList<>();
    notices.add(
        new Notice(broken, Span.at(1, 1), "this file is larger than 64 MiB, not read", true));
    for (int i = 1; i <= 5; i++) {
      notices.add(
          new Notice(
              new Source("charts/web/templates/t" + i + ".yaml", "charts", ""),
              Span.at(i, 3),
              "unrendered template, skipped",
              false));
    }
    notices.add(new Notice(null, null, "no solver: 2 questions are undecided", true));
    Resource policy = resource(WORKLOAD, 1);
    return report(
        List.of(
            nearMiss(),
            openToTheWorld(),
            finding(INVALID.info(), broken, new Span(1, 4, 1, 7), "this list never ends")),
        List.of(
            new Report.Suppressed(
                finding(
                    OPEN.info(), policy.place().then("spec", "ingress"), policy, "policy is open"),
                Report.By.SOURCE,
                "the shop is public until=2027-01-01")),
        notices,
        12);
  }

  static String write(Format format, Report report) throws IOException {
    return write(format, report, false);
  }

  static String write(Format format, Report report, boolean colors) throws IOException {
    StringWriter out = new StringWriter();
    format.reporter("1.2.3", colors).write(report, out);
    return out.toString();
  }
}
