package io.dimee.inference.onnx;

import io.dimee.inference.bundle.Tensor;
import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Collects nodes and weights into an ONNX model. */
final class OnnxGraphBuilder {
  /** Domain of ONNX Runtime's fused operators. */
  static final String MICROSOFT = "com.microsoft";

  private static final int IR_VERSION = 8;
  private static final int OPSET = 17;

  private final GraphProto.Builder graph;

  OnnxGraphBuilder(String name) {
    this.graph = GraphProto.newBuilder().setName(name);
  }

  /** Adds a weight and returns its name. */
  String weight(String name, Tensor tensor) {
    TensorProto.Builder proto =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .setRawData(bytes(tensor));
    for (int extent : tensor.shape()) {
      proto.addDims(extent);
    }
    graph.addInitializer(proto);
    return name;
  }

  /** A tensor's values as ONNX stores them. */
  static ByteString bytes(Tensor tensor) {
    ByteBuffer bytes =
        ByteBuffer.allocate(tensor.values().remaining() * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(tensor.values().duplicate());
    return ByteString.copyFrom(bytes);
  }

  /**
   * Names of a weight of 8-bit integers.
   *
   * @param zeros zero points, all of them 0, which some operators want to be told
   */
  record Quantized(String values, String scales, String zeros) {}

  /** Adds a weight as 8-bit integers. */
  Quantized quantized(String name, Tensor tensor) {
    Int8Weight weight = Int8Weight.of(tensor);
    int columns = weight.scales().length;
    int8(name + ".int8", weight.values(), tensor.shape());
    int8(name + ".zeros", new byte[columns], columns);
    return new Quantized(
        name + ".int8",
        weight(name + ".scales", Tensor.of(weight.scales(), columns)),
        name + ".zeros");
  }

  private void int8(String name, byte[] values, int... shape) {
    TensorProto.Builder proto =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.INT8_VALUE)
            .setRawData(ByteString.copyFrom(values));
    for (int extent : shape) {
      proto.addDims(extent);
    }
    graph.addInitializer(proto);
  }

  /** Adds a node of the standard domain, and returns its first output's name. */
  String node(
      String operator, List<String> outputs, List<String> inputs, AttributeProto... attributes) {
    graph.addNode(node(operator, "", outputs, inputs, attributes));
    return outputs.get(0);
  }

  /** Adds a node of the standard domain with one output, and returns the output's name. */
  String node(String operator, String output, List<String> inputs, AttributeProto... attributes) {
    return node(operator, List.of(output), inputs, attributes);
  }

  /** Adds a fused node, and returns its first output's name. */
  String fused(
      String operator, List<String> outputs, List<String> inputs, AttributeProto... attributes) {
    graph.addNode(node(operator, MICROSOFT, outputs, inputs, attributes));
    return outputs.get(0);
  }

  private static NodeProto.Builder node(
      String operator,
      String domain,
      List<String> outputs,
      List<String> inputs,
      AttributeProto... attributes) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .setDomain(domain)
        .setName(outputs.get(0) + "/" + operator)
        .addAllInput(inputs)
        .addAllOutput(outputs)
        .addAllAttribute(List.of(attributes));
  }

  static AttributeProto attribute(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  String input(String name, int elementType, Object... shape) {
    graph.addInput(value(name, elementType, shape));
    return name;
  }

  void output(String name, int elementType, Object... shape) {
    graph.addOutput(value(name, elementType, shape));
  }

  private static ValueInfoProto value(String name, int elementType, Object... shape) {
    TensorShapeProto.Builder extents = TensorShapeProto.newBuilder();
    for (Object extent : shape) {
      TensorShapeProto.Dimension.Builder dimension = TensorShapeProto.Dimension.newBuilder();
      if (extent instanceof Integer number) {
        dimension.setDimValue(number);
      } else {
        dimension.setDimParam(extent.toString());
      }
      extents.addDim(dimension);
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(elementType).setShape(extents)))
        .build();
  }

  ModelProto build() {
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .setProducerName("dimee")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(MICROSOFT).setVersion(1))
        .setGraph(graph)
        .build();
  }
}
