package io.nfspawn.transport.fabric;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a fabric wire listens, as text in {@code members.json}: {@code
 * <hex>[,<hex>…]@<host>:<port>;<provider>}: the address of each of its endpoints in libfabric's own
 * format, the TCP port of its tethers, and the provider.
 *
 * <p>Strangers send it, too, and it stands in logs: nothing in it can end a line.
 *
 * @param endpoints one or more
 * @param host name or address of the tether port
 */
record FabricAddress(List<byte[]> endpoints, String host, int port, String provider) {
  /** 32 endpoints of EFA, 32 bytes each, are 2,079; and a DIAL has to fit into a slot with it. */
  static final int MOST_TEXT = 4096;

  private static final Pattern HOST = Pattern.compile("[\\w.:%\\[\\]-]{1,255}");
  private static final Pattern PROVIDER = Pattern.compile("[\\w.;-]{1,64}");

  /**
   * @throws IllegalArgumentException when host or provider cannot be one
   */
  FabricAddress {
    if (!HOST.matcher(host).matches() || !PROVIDER.matcher(provider).matches()) {
      throw broken(host + ";" + provider);
    }
    endpoints = List.copyOf(endpoints);
  }

  /**
   * @throws IllegalArgumentException when it is none
   */
  static FabricAddress parse(String text) {
    int at = text.indexOf('@');
    int end = text.indexOf(';', at);
    int colon = text.lastIndexOf(':', end);
    if (text.length() > MOST_TEXT || at < 1 || colon < at || end < colon) {
      throw broken(text);
    }
    try {
      List<byte[]> endpoints = new ArrayList<>();
      for (String hex : List.of(text.substring(0, at).split(",", -1))) {
        endpoints.add(HexFormat.of().parseHex(hex));
      }
      int port = Integer.parseInt(text.substring(colon + 1, end));
      return new FabricAddress(
          endpoints, text.substring(at + 1, colon), port, text.substring(end + 1));
    } catch (IllegalArgumentException e) {
      throw broken(text);
    }
  }

  private static IllegalArgumentException broken(String text) {
    String start = text.substring(0, Math.min(80, text.length())).replaceAll("[^ -~]", "?");
    return new IllegalArgumentException("no address of a fabric: '" + start + "'");
  }

  @Override
  public String toString() {
    List<String> hex = endpoints.stream().map(HexFormat.of()::formatHex).toList();
    return String.join(",", hex) + "@" + host + ":" + port + ";" + provider;
  }
}
