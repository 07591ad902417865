package org.apache.kafka.clients.producer.internals;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.kafka.clients.MetadataSnapshot;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.MetadataResponse.PartitionMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;

/**
 * Records what Apache Kafka's Java client does, for the engine to be compared with.
 *
 * It lives in the client's own package to reach {@link BuiltInPartitioner#randomPartition()}, so that the random numbers are
 * those of the engine: java.util.SplittableRandom is the same generator.
 */
public final class RecordVectors {
    private static final String TOPIC = "orders.created";

    public static void main(String[] arguments) throws Exception {
        Path vectors = Path.of(arguments[0]);
        String version = arguments[1];
        List<String> keys = Files.readAllLines(vectors.resolve("keys.txt"));
        int[] counts = List.of(Files.readString(vectors.resolve("partitions.txt")).trim().split(" "))
            .stream().mapToInt(Integer::parseInt).toArray();
        Path recorded = vectors.resolve("recorded");
        recordKeyed(recorded.resolve("java-keyed.tsv"), version, keys, counts);
        recordRoundRobin(recorded.resolve("java-round-robin.tsv"), version, keys);
        recordUniform(recorded.resolve("java-uniform.tsv"), version);
    }

    /** Partitioner, key, and the partition for each partition count. */
    private static void recordKeyed(Path file, String version, List<String> keys, int[] counts) throws IOException {
        try (PrintWriter out = open(file, version, "partitioner\tkey\tpartition for each count of partitions.txt")) {
            for (String key : keys) {
                out.print("java_default\t" + key + "\t");
                for (int index = 0; index < counts.length; index++) {
                    out.print((index == 0 ? "" : " ") + BuiltInPartitioner.partitionForKey(bytes(key), counts[index]));
                }
                out.print("\n");
            }
        }
    }

    /** The partitions that a producer with RoundRobinPartitioner gives the keys, one after the other. */
    private static void recordRoundRobin(Path file, String version, List<String> keys) throws Exception {
        try (PrintWriter out = open(file, version, "count\tpartition of each key of keys.txt, in turn")) {
            for (int count : new int[] {1, 3, 6, 12}) {
                var producer = new MockProducer<>(cluster(count), true, new RoundRobinPartitioner(),
                    new ByteArraySerializer(), new ByteArraySerializer());
                List<String> partitions = new ArrayList<>();
                for (String key : keys) {
                    var sent = producer.send(new ProducerRecord<>(TOPIC, bytes(key), new byte[0]));
                    partitions.add(Integer.toString(sent.get().partition()));
                }
                out.print(count + "\t" + String.join(" ", partitions) + "\n");
            }
        }
    }

    /** One run: the settings of a producer and of its topic, and what it sends. */
    private record Run(int partitions, int batchSize, int lingerMs, boolean adaptive, boolean ignoreKeys, long seed,
                       List<Send> sends) { }

    /** One record: when, with which key (null for none), and how many bytes of value. */
    private record Send(long atMs, String key, int valueSize) { }

    /** A series of records, one every so many milliseconds. */
    private static List<Send> series(int count, int everyMs, IntFunction<String> key, IntFunction<Integer> valueSize) {
        List<Send> sends = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            sends.add(new Send((long) index * everyMs, key.apply(index), valueSize.apply(index)));
        }
        return sends;
    }

    private static List<Run> runs() {
        IntFunction<String> none = index -> null;
        IntFunction<String> mixed = index -> index % 3 == 0 ? "customer-" + (char) ('A' + index % 5) : null;
        IntFunction<Integer> hundred = index -> 100;
        IntFunction<Integer> varied = index -> (index * 37) % 400;
        return List.of(
            new Run(6, 16384, 5, true, false, 1, series(400, 1, none, hundred)),
            new Run(6, 1000, 5, true, false, 2, series(300, 1, none, hundred)),
            new Run(6, 1000, 5, false, false, 3, series(300, 1, none, hundred)),
            new Run(12, 2000, 20, true, false, 4, series(300, 3, none, varied)),
            new Run(3, 500, 0, true, false, 5, series(100, 2, none, varied)),
            new Run(6, 1000, 10, true, false, 6, series(400, 1, mixed, varied)),
            new Run(6, 300, 50, true, false, 7, series(300, 1, mixed, varied)),
            new Run(5, 700, 7, true, true, 8, series(300, 1, mixed, hundred)),
            new Run(1, 400, 3, true, false, 9, series(60, 1, none, hundred)),
            new Run(4, 200, 5, true, false, 10, series(80, 1, none, index -> index % 7 == 0 ? 900 : 20)));
    }

    /** The partition of each record, and when its batch left. */
    private static void recordUniform(Path file, String version) throws Exception {
        try (PrintWriter out = open(file, version, "run\tpartitions batch.size linger.ms adaptive ignore.keys seed, then "
                + "send\tms\tkey\tbytes of value\tpartition\tms at which its batch left")) {
            for (Run run : runs()) {
                out.print("run\t%d %d %d %b %b %d\n".formatted(run.partitions, run.batchSize, run.lingerMs, run.adaptive,
                    run.ignoreKeys, run.seed));
                new UniformRun(run).play(out);
            }
        }
    }

    /**
     * The real accumulator and partitioner on virtual time. The sender passes when the producer would wake it (a batch was
     * opened or is full) and when a batch has waited for linger.ms; brokers answer at once, and each partition has its own,
     * so that no batch leaves with another.
     */
    private static final class UniformRun implements Time {
        private final Run run;
        private final Cluster cluster;
        private final MetadataSnapshot snapshot;
        private final RecordAccumulator accumulator;
        private final BufferPool pool;
        private final TreeMap<Long, Integer> due = new TreeMap<>();
        private final List<Integer> partitions = new ArrayList<>();
        /** By partition, the records that wait, in order. */
        private final Map<Integer, List<Integer>> waiting = new HashMap<>();
        private final Map<Integer, Long> leftAt = new HashMap<>();
        private long now = 0;

        UniformRun(Run run) {
            this.run = run;
            this.cluster = cluster(run.partitions);
            Map<Integer, Node> nodes = new HashMap<>();
            List<PartitionMetadata> metadata = new ArrayList<>();
            for (Node node : cluster.nodes()) {
                nodes.put(node.id(), node);
                metadata.add(new PartitionMetadata(Errors.NONE, new TopicPartition(TOPIC, node.id()), Optional.of(node.id()),
                    Optional.of(0), List.of(node.id()), List.of(node.id()), List.of()));
            }
            this.snapshot = new MetadataSnapshot("cluster", nodes, metadata, Set.of(), Set.of(), Set.of(), null, Map.of(),
                cluster);
            // The engine derives the stream of its first producer in the same way.
            SplittableRandom random = new SplittableRandom(new SplittableRandom(run.seed).nextLong());
            Metrics metrics = new Metrics(this);
            this.pool = new BufferPool(1 << 26, run.batchSize, metrics, this, "group");
            var config = new RecordAccumulator.PartitionerConfig(run.adaptive, 0);
            this.accumulator = new RecordAccumulator(new LogContext(), run.batchSize, Compression.NONE, run.lingerMs, 100,
                1000, 120_000, config, metrics, "group", this, null, pool) {
                @Override
                BuiltInPartitioner createBuiltInPartitioner(LogContext context, String topic, int stickyBatchSize) {
                    return new BuiltInPartitioner(context, topic, stickyBatchSize) {
                        @Override
                        int randomPartition() {
                            return (int) (random.nextLong() >>> 33);
                        }
                    };
                }
            };
        }

        void play(PrintWriter out) throws Exception {
            for (int index = 0; index < run.sends.size(); index++) {
                Send send = run.sends.get(index);
                sendDueUntil(send.atMs);
                now = send.atMs;
                append(index, send);
            }
            sendDueUntil(Long.MAX_VALUE);
            for (int index = 0; index < run.sends.size(); index++) {
                Send send = run.sends.get(index);
                out.print("send\t%d\t%s\t%d\t%d\t%d\n".formatted(send.atMs, send.key == null ? "null" : send.key,
                    send.valueSize, partitions.get(index), leftAt.get(index)));
            }
        }

        private void append(int index, Send send) throws Exception {
            byte[] key = send.key == null ? null : bytes(send.key);
            int partition = key == null || run.ignoreKeys ? RecordMetadata.UNKNOWN_PARTITION
                : BuiltInPartitioner.partitionForKey(key, run.partitions);
            var callbacks = new RecordAccumulator.AppendCallbacks() {
                private int chosen;

                @Override
                public void setPartition(int partition) {
                    chosen = partition;
                }

                @Override
                public void onCompletion(RecordMetadata metadata, Exception exception) { }
            };
            var result = accumulator.append(TOPIC, partition, now, key, new byte[send.valueSize], null, callbacks, 0, now,
                cluster);
            partitions.add(callbacks.chosen);
            waiting.computeIfAbsent(callbacks.chosen, ignored -> new ArrayList<>()).add(index);
            if (result.newBatchCreated) {
                due.merge(now + run.lingerMs, 1, Integer::sum);
            }
            if (result.newBatchCreated || result.batchIsFull) {
                pass();
            }
        }

        /** Lets the sender pass at each instant up to this one at which a batch has waited long enough. */
        private void sendDueUntil(long until) {
            while (!due.isEmpty() && due.firstKey() <= until) {
                var entry = due.pollFirstEntry();
                now = entry.getKey();
                for (int times = 0; times < entry.getValue(); times++) {
                    pass();
                }
            }
        }

        /** What Sender.sendProducerData does, until nothing is ready. */
        private void pass() {
            while (true) {
                var ready = accumulator.ready(snapshot, now).readyNodes;
                if (ready.isEmpty()) {
                    return;
                }
                for (var batches : accumulator.drain(snapshot, ready, Integer.MAX_VALUE, now).values()) {
                    for (ProducerBatch batch : batches) {
                        List<Integer> queue = waiting.get(batch.topicPartition.partition());
                        for (int record = 0; record < batch.recordCount; record++) {
                            leftAt.put(queue.remove(0), now);
                        }
                        accumulator.deallocate(batch);
                    }
                }
            }
        }

        @Override
        public long milliseconds() {
            return now;
        }

        @Override
        public long nanoseconds() {
            return now * 1_000_000;
        }

        @Override
        public void sleep(long ms) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMs) {
            throw new UnsupportedOperationException();
        }
    }

    /** A topic with a broker of its own for each partition. */
    private static Cluster cluster(int partitions) {
        List<Node> nodes = new ArrayList<>();
        List<PartitionInfo> infos = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            Node node = new Node(partition, "localhost", 9092 + partition);
            nodes.add(node);
            infos.add(new PartitionInfo(TOPIC, partition, node, new Node[] {node}, new Node[] {node}));
        }
        return new Cluster("cluster", nodes, infos, Collections.emptySet(), Collections.emptySet());
    }

    /** A key as keys.txt writes it: hexadecimal after "hex:", else text. */
    private static byte[] bytes(String key) {
        return key.startsWith("hex:") ? HexFormat.of().parseHex(key.substring(4)) : key.getBytes(StandardCharsets.UTF_8);
    }

    private static PrintWriter open(Path file, String version, String columns) throws IOException {
        PrintWriter out = new PrintWriter(Files.newBufferedWriter(file));
        out.print("# org.apache.kafka:kafka-clients " + version + "\n# " + columns + "\n");
        return out;
    }
}
