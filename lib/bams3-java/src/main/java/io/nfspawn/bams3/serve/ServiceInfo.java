package io.nfspawn.bams3.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * What this server is. Source of the members: GA4GH service-info 1.0; htsget 1.3, "Service info".
 */
final class ServiceInfo {
  private ServiceInfo() {}

  static byte[] toJson() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("id", "io.nfspawn.bams3");
      json.writeStringField("name", "bams3 serve");
      json.writeStringField("version", "0.1.0");
      json.writeObjectFieldStart("type");
      json.writeStringField("group", "org.ga4gh");
      json.writeStringField("artifact", "htsget");
      json.writeStringField("version", "1.3.0");
      json.writeEndObject();
      json.writeObjectFieldStart("organization");
      json.writeStringField("name", "nf-spawn");
      json.writeStringField("url", "urn:io.nfspawn");
      json.writeEndObject();
      json.writeObjectFieldStart("htsget");
      json.writeStringField("datatype", "reads");
      json.writeArrayFieldStart("formats");
      json.writeString("BAM");
      json.writeEndArray();
      json.writeBooleanField("fieldsParametersEffective", false);
      json.writeBooleanField("tagsParametersEffective", false);
      json.writeEndObject();
      json.writeEndObject();
    }
    return out.toByteArray();
  }
}
