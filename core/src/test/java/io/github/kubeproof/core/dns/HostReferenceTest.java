package io.github.kubeproof.core.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.dns.HostReference.ServiceName;
import org.junit.jupiter.api.Test;

class HostReferenceTest {

  private static String found(String text) {
    return String.join(
        " ",
        HostReference.in(text).stream()
            .map(reference -> reference.kind() + "=" + reference.host() + ":" + reference.port())
            .toList());
  }

  @Test
  void urlsHaveHosts() {
    assertThat(found("http://cart")).isEqualTo("URL=cart:0");
    assertThat(found("http://Cart.Shop:8080/a?b=c")).isEqualTo("URL=cart.shop:8080");
    assertThat(found("amqp://user:p4ss@rabbit:5672/")).isEqualTo("URL=rabbit:5672");
    assertThat(found("jdbc:postgresql://db.shop.svc.cluster.local:5432/x"))
        .isEqualTo("URL=db.shop.svc.cluster.local:5432");
    assertThat(found("proxy_pass http://web:8080/; # and https://api;"))
        .isEqualTo("URL=web:8080 URL=api:0");
  }

  @Test
  void namesWithPortsAreHosts() {
    assertThat(found("redis:6379")).isEqualTo("HOST_AND_PORT=redis:6379");
    assertThat(found("--brokers=kafka-0.kafka:9092,kafka-1.kafka:9092"))
        .isEqualTo("HOST_AND_PORT=kafka-0.kafka:9092 HOST_AND_PORT=kafka-1.kafka:9092");
    assertThat(found("root:secret@tcp(mysql:3306)/shop")).isEqualTo("HOST_AND_PORT=mysql:3306");
  }

  @Test
  void onlyServicesAreCalledSvc() {
    assertThat(found("cart.shop.svc")).isEqualTo("NAME=cart.shop.svc:0");
    assertThat(found("--san=cart.shop.svc,cart.shop.svc.cluster.local."))
        .isEqualTo("NAME=cart.shop.svc:0 NAME=cart.shop.svc.cluster.local.:0");
    assertThat(found("cart.shop")).isEmpty();
  }

  @Test
  void whatGoesOnWithAVariableIsNoHost() {
    assertThat(found("http://cart-${ENV}:80 http://cart.$(NS).svc http://{{ .host }}/")).isEmpty();
    assertThat(found("$HOST:80 ${HOST}.shop.svc a-$(B):80 *.shop.svc")).isEmpty();
  }

  @Test
  void addressesTimesAndDigestsAreNoHosts() {
    assertThat(found("http://10.0.0.1:80 http://localhost:80 12:30 ::1 [fd00::1]:80")).isEmpty();
    assertThat(found("image@sha256:12345abcdef C:80x file:/etc/x")).isEmpty();
    assertThat(found(".svc.cluster.local,.svc,cluster.local")).isEmpty();
  }

  @Test
  void thePlaceIsThatOfTheHost() {
    HostReference second = HostReference.in("a: 1\nurl: http://u@cart:80").get(0);
    assertThat(second.line()).isEqualTo(2);
    assertThat(second.column()).isEqualTo(15);
  }

  @Test
  void namesStandForServices() {
    assertThat(service("cart")).isEqualTo(new ServiceName("cart", "shop", ""));
    assertThat(service("cart.dev")).isEqualTo(new ServiceName("cart", "dev", ""));
    assertThat(service("cart.dev.svc")).isEqualTo(new ServiceName("cart", "dev", ""));
    assertThat(service("db-0.db.dev.svc.cluster.local"))
        .isEqualTo(new ServiceName("db", "dev", "db-0"));
    assertThat(
            HostReference.in("http://cart.dev.svc.example.org")
                .get(0)
                .service("shop", "cluster.local"))
        .isEmpty();
    assertThat(HostReference.in("http://www.example.org").get(0).service("shop", "cluster.local"))
        .isEmpty();
  }

  private static ServiceName service(String host) {
    return HostReference.in("http://" + host).get(0).service("shop", "cluster.local").orElseThrow();
  }

  @Test
  void theSchemeSaysThePort() {
    assertThat(HostReference.in("https://cart").get(0).calledPort()).contains(443);
    assertThat(HostReference.in("redis://cart").get(0).calledPort()).isEmpty();
    assertThat(HostReference.in("redis://cart:1").get(0).calledPort()).contains(1);
  }
}
