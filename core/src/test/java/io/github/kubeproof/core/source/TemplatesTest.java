package io.github.kubeproof.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.kubeproof.core.source.Problem.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplatesTest {

  @Test
  void aTemplateIsNamedOnceAtItsFirstPlaceholder() {
    Loaded loaded =
        read(
            """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
            ---
            {{- if .Values.ingress.enabled }}
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: {{ .Values.name }}
            {{- end }}
            """);
    assertThat(loaded.documents()).isEmpty();
    assertThat(loaded.problems())
        .extracting(Problem::kind, Problem::span, Problem::message)
        .containsExactly(
            tuple(Problem.Kind.TEMPLATE, new Span(6, 1, 6, 2), "unrendered template, skipped"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // YAML takes it for a map as a key
        "spec:\n  replicas: {{ .Values.replicas }}\n",
        "args: [{{ .Values.a }}, b]\n",
        "{{ include \"chart.labels\" . }}\n",
        "{{ toYaml .Values.spec }}: x\n",
        // Helm's words in an unquoted value
        "image: nginx:{{ .Values.tag }}\n",
        "labels:\n  app: web-{{ $.Release.Name }}\n",
        "name: x-{{ include \"chart.name\" . }}\n",
        "name: x-{{ default \"a\" .Chart.Name }}\n",
        // an object without a name that a server would take
        "apiVersion: v1\nkind: Pod\nmetadata: {name: \"{{ .Name }}\"}\n",
        "apiVersion: v1\nkind: Pod\nmetadata:\n  namespace: a-{{uid}}\n",
        "kind: \"{{ .Kind }}\"\n",
        // no YAML at all
        "{{- define \"x\" }}\na: b\n{{- end }}\n",
        "{% if x %}\na: b\n{% endif %}\n",
        "a:\n  {{- toYaml . | nindent 2 }}\n",
        "a: b\n  {{- with .Values.x }}\nc: d\n  {{- end }}\n",
        "# {{ a }}\n- {{ if a }}\n  b: \"{{ c }}\"\n  {{ end }}\n",
        "data: |\n  {{ kept }}\n{{ if x }}\na: b\n{{ end }}\n",
        "{\"a\": {{ .b }}, \"c\": 1}\n",
        // quotes inside of quotes
        "a:\n  - \"{{ trimSuffix .Name \".\" }}\"\n"
      })
  void theseAreTemplates(String text) {
    assertThat(read(text).problems()).extracting(Problem::kind).containsExactly(Kind.TEMPLATE);
    assertThat(read(text).documents()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "summary: \"{{ $labels.pod }} is down\"\n",
        "summary: '{{ $value }}'\n",
        "summary: Pod {{ $labels.namespace }}/{{ $labels.pod }} is down\n",
        "summary: Pod is down\n  {{ $labels.pod }} for a while\n",
        "summary: >-\n  {{ $labels.pod }}\n  {{- if $value }} x {{ end }}\n",
        "data:\n  rules: |\n    {{- range .Alerts }}\n    {{ .Values.x }}\n    {{ end }}\n  other: x\n",
        "data:\n- |-\n  {{ a }}\n- b\n",
        "tmpl: !!str |\n  {{ a }}\n",
        "# {{ .Values.x }}\na: b # {{ .Values.y }}\n",
        "template:\n  metadata: {name: '{{name}}-guestbook'}\n  spec:\n    path: apps/{{name}}\n",
        "{\"legendFormat\": \"{{instance}}\", \"x\": {\"y\": {}}}\n",
        "message: >\n  {{request.object.metadata.name}}\n\n  {{ x }}\n",
        "port: ${PORT}\nname: $(NAME)\nhost: '%{HOST}'\n",
        "path: \"/{{namespace}}/{{name}}\"\nquoted: \"a\n  {{ b }}\n  c\"\n"
      })
  void theseMerelySpeakOfTemplates(String text) {
    assertThat(read(text).problems()).isEmpty();
    assertThat(read(text).documents()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: \"{{ b }}\"\nc: [\n",
        "a: |\n  {{ b }}\nc: \"d\n",
        "- key: |\n    {{ b }}\n  other: x: y\n",
        "# {{ b }}\na: b: c\n",
        "a: Pod {{ $labels.pod }}\nb: c: d\n",
        "a: text\n  {{ continued }}\nb: c: d\n",
        "a: 'x\n\n  {{ b }}'\nb: c: d\n",
        "tmpl: !!str |\n  {{ a }}\nb: c: d\n",
        "summary: \"Pod {{ $labels.pod }}\" is down\n"
      })
  void brokenDocumentsThatMerelySpeakOfTemplatesAreBroken(String text) {
    assertThat(read(text).problems()).extracting(Problem::kind).containsExactly(Kind.SYNTAX);
  }

  @Test
  void quotesInsideOfQuotesDoNotTakeOtherDocumentsAway() {
    Loaded loaded = read("a: b\n---\nimage: \"{{ printf \"%s:%s\" .a .b }}\"\n---\nc: d\n");
    assertThat(loaded.documents()).hasSize(2);
    assertThat(loaded.problems()).extracting(Problem::kind).containsExactly(Kind.SYNTAX);
  }

  private static Loaded read(String text) {
    return new YamlReader(Limits.DEFAULT).read(new Source("test.yaml", text));
  }
}
