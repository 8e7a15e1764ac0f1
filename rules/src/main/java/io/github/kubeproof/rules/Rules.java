package io.github.kubeproof.rules;

import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.UnusedSuppression;
import io.github.kubeproof.rules.dns.DnsPolicyNoneWithoutNameserver;
import io.github.kubeproof.rules.dns.DnsWithoutTcp;
import io.github.kubeproof.rules.dns.DroppedDnsSettings;
import io.github.kubeproof.rules.dns.DubiousHostAlias;
import io.github.kubeproof.rules.dns.DuplicateDnsRecord;
import io.github.kubeproof.rules.dns.EgressWithoutDns;
import io.github.kubeproof.rules.dns.ForwardingLoop;
import io.github.kubeproof.rules.dns.HiddenUnreadyPeers;
import io.github.kubeproof.rules.dns.IneffectiveClusterFirst;
import io.github.kubeproof.rules.dns.IneffectiveCorefileLine;
import io.github.kubeproof.rules.dns.InvalidCorefile;
import io.github.kubeproof.rules.dns.MalformedServiceName;
import io.github.kubeproof.rules.dns.MisdirectedDnsRule;
import io.github.kubeproof.rules.dns.MisleadingServiceVariable;
import io.github.kubeproof.rules.dns.MissingGoverningService;
import io.github.kubeproof.rules.dns.OverlongHostname;
import io.github.kubeproof.rules.dns.ServiceNameWithoutClusterDns;
import io.github.kubeproof.rules.dns.ServiceOfAnotherNamespace;
import io.github.kubeproof.rules.dns.ShadowedClusterDomain;
import io.github.kubeproof.rules.dns.SubdomainWithoutService;
import io.github.kubeproof.rules.dns.TooManyNameservers;
import io.github.kubeproof.rules.dns.UnexposedServicePort;
import io.github.kubeproof.rules.dns.UnknownServiceName;
import io.github.kubeproof.rules.dns.UnreachableDns;
import io.github.kubeproof.rules.dns.UnsuitableNdots;
import io.github.kubeproof.rules.ingress.MissingBackendPort;
import io.github.kubeproof.rules.manifest.AmbiguousIpBlock;
import io.github.kubeproof.rules.manifest.DuplicateKey;
import io.github.kubeproof.rules.manifest.DuplicateObject;
import io.github.kubeproof.rules.manifest.InvalidIpAddress;
import io.github.kubeproof.rules.manifest.InvalidIpBlock;
import io.github.kubeproof.rules.manifest.InvalidName;
import io.github.kubeproof.rules.manifest.InvalidPeer;
import io.github.kubeproof.rules.manifest.InvalidPolicyPort;
import io.github.kubeproof.rules.manifest.InvalidPort;
import io.github.kubeproof.rules.manifest.InvalidSelector;
import io.github.kubeproof.rules.manifest.MissingField;
import io.github.kubeproof.rules.manifest.MistypedField;
import io.github.kubeproof.rules.manifest.UnknownField;
import io.github.kubeproof.rules.manifest.UnparsableDocument;
import io.github.kubeproof.rules.manifest.UnsupportedValue;
import io.github.kubeproof.rules.policy.AllNamespaces;
import io.github.kubeproof.rules.policy.AllowAllIngress;
import io.github.kubeproof.rules.policy.BlockUnionCoversEverything;
import io.github.kubeproof.rules.policy.IgnoredDirection;
import io.github.kubeproof.rules.policy.IneffectiveExcept;
import io.github.kubeproof.rules.policy.InternetWideIpBlock;
import io.github.kubeproof.rules.policy.ObsoleteIsolationAnnotation;
import io.github.kubeproof.rules.policy.PeerSelectsNothing;
import io.github.kubeproof.rules.policy.PolicySelectsNothing;
import io.github.kubeproof.rules.policy.RedundantRule;
import io.github.kubeproof.rules.policy.SensitivePortOpen;
import io.github.kubeproof.rules.policy.ServicePortInPolicy;
import io.github.kubeproof.rules.policy.SurprisingDefault;
import io.github.kubeproof.rules.policy.TautologicalSelector;
import io.github.kubeproof.rules.policy.UnsatisfiableSelector;
import io.github.kubeproof.rules.policy.WidePortRange;
import io.github.kubeproof.rules.reachability.UnreachableService;
import io.github.kubeproof.rules.reachability.WebhookBackendBlocksApiServer;
import io.github.kubeproof.rules.service.DuplicateServicePort;
import io.github.kubeproof.rules.service.FieldOfAnotherServiceType;
import io.github.kubeproof.rules.service.NodePortCollision;
import io.github.kubeproof.rules.service.NodePortOutOfRange;
import io.github.kubeproof.rules.service.SelectorMatchesNothing;
import io.github.kubeproof.rules.service.UndeclaredTargetPort;
import io.github.kubeproof.rules.service.UnresolvedTargetPortName;
import java.util.Comparator;
import java.util.List;

/** All rules there are. */
public final class Rules {

  private static final List<Rule> ALL =
      List.of(
          new UnparsableDocument(),
          new UnknownField(),
          new InvalidName(),
          new InvalidPort(),
          new InvalidIpBlock(),
          new AmbiguousIpBlock(),
          new InvalidPolicyPort(),
          new InvalidPeer(),
          new InvalidSelector(),
          new DuplicateObject(),
          new UnusedSuppression(),
          new DuplicateKey(),
          new MistypedField(),
          new MissingField(),
          new UnsupportedValue(),
          new InvalidIpAddress(),
          new UnreachableService(),
          new WebhookBackendBlocksApiServer(),
          new AllowAllIngress(),
          new InternetWideIpBlock(),
          new BlockUnionCoversEverything(),
          new AllNamespaces(),
          new TautologicalSelector(),
          new WidePortRange(),
          new SensitivePortOpen(),
          new PolicySelectsNothing(),
          new PeerSelectsNothing(),
          new UnsatisfiableSelector(),
          new RedundantRule(),
          new IgnoredDirection(),
          new SurprisingDefault(),
          new IneffectiveExcept(),
          new ServicePortInPolicy(),
          new ObsoleteIsolationAnnotation(),
          new UnresolvedTargetPortName(),
          new UndeclaredTargetPort(),
          new SelectorMatchesNothing(),
          new NodePortOutOfRange(),
          new NodePortCollision(),
          new FieldOfAnotherServiceType(),
          new DuplicateServicePort(),
          new MissingBackendPort(),
          new EgressWithoutDns(),
          new DnsPolicyNoneWithoutNameserver(),
          new TooManyNameservers(),
          new InvalidCorefile(),
          new ForwardingLoop(),
          new ShadowedClusterDomain(),
          new IneffectiveClusterFirst(),
          new ServiceNameWithoutClusterDns(),
          new UnknownServiceName(),
          new MalformedServiceName(),
          new UnexposedServicePort(),
          new ServiceOfAnotherNamespace(),
          new UnsuitableNdots(),
          new MissingGoverningService(),
          new SubdomainWithoutService(),
          new OverlongHostname(),
          new DubiousHostAlias(),
          new HiddenUnreadyPeers(),
          new MisleadingServiceVariable(),
          new DuplicateDnsRecord(),
          new DroppedDnsSettings(),
          new DnsWithoutTcp(),
          new MisdirectedDnsRule(),
          new UnreachableDns(),
          new IneffectiveCorefileLine());

  private Rules() {}

  /** Every rule, sorted by id. */
  public static List<Rule> all() {
    return ALL.stream().sorted(Comparator.comparing(rule -> rule.info().id())).toList();
  }
}
