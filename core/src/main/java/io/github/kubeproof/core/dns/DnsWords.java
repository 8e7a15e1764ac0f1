package io.github.kubeproof.core.dns;

import io.github.kubeproof.core.source.Spelling;
import java.util.Set;

/** The classes, types and response codes of DNS (IANA, "Domain Name System (DNS) Parameters"). */
final class DnsWords {

  static final Set<String> CLASSES = Set.of("IN", "CS", "CH", "HS", "NONE", "ANY");

  static final Set<String> TYPES =
      Set.of(
          "A",
          "A6",
          "AAAA",
          "AFSDB",
          "AMTRELAY",
          "ANY",
          "APL",
          "ATMA",
          "AVC",
          "AXFR",
          "CAA",
          "CDNSKEY",
          "CDS",
          "CERT",
          "CNAME",
          "CSYNC",
          "DHCID",
          "DLV",
          "DNAME",
          "DNSKEY",
          "DS",
          "EID",
          "EUI48",
          "EUI64",
          "GID",
          "GPOS",
          "HINFO",
          "HIP",
          "HTTPS",
          "IPSECKEY",
          "ISDN",
          "IXFR",
          "KEY",
          "KX",
          "L32",
          "L64",
          "LOC",
          "LP",
          "MAILA",
          "MAILB",
          "MB",
          "MD",
          "MF",
          "MG",
          "MINFO",
          "MR",
          "MX",
          "NAPTR",
          "NID",
          "NIMLOC",
          "NINFO",
          "NS",
          "NSAP-PTR",
          "NSEC",
          "NSEC3",
          "NSEC3PARAM",
          "NULL",
          "NXNAME",
          "NXT",
          "None",
          "OPENPGPKEY",
          "OPT",
          "PTR",
          "PX",
          "RESINFO",
          "RKEY",
          "RP",
          "RRSIG",
          "RT",
          "Reserved",
          "SIG",
          "SMIMEA",
          "SOA",
          "SPF",
          "SRV",
          "SSHFP",
          "SVCB",
          "TA",
          "TALINK",
          "TKEY",
          "TLSA",
          "TSIG",
          "TXT",
          "UID",
          "UINFO",
          "UNSPEC",
          "URI",
          "X25",
          "ZONEMD");

  static final Set<String> RCODES =
      Set.of(
          "NOERROR",
          "FORMERR",
          "SERVFAIL",
          "NXDOMAIN",
          "NOTIMP",
          "REFUSED",
          "YXDOMAIN",
          "YXRRSET",
          "NXRRSET",
          "NOTAUTH",
          "NOTZONE",
          "STATEFUL-DSO-NOTIMP",
          "DSOTYPENI",
          "BADSIG",
          "BADVERS",
          "BADKEY",
          "BADTIME",
          "BADMODE",
          "BADNAME",
          "BADALG",
          "BADTRUNC",
          "BADCOOKIE");

  private DnsWords() {}

  static String unknownType(String word) {
    return "there is no record type \"" + word + "\"" + Spelling.hint(word, TYPES);
  }

  static String unknownClass(String word) {
    return "there is no class \"" + word + "\"" + Spelling.hint(word, CLASSES);
  }
}
