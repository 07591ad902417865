package org.apache.kafka.clients.producer.internals;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;

/**
 * Records what the default partitioner of Java 2.4 to 3.2 (KIP-480) does with records without key, batches included. Its
 * random numbers cannot be chosen, so that only the moments at which it moves can be compared.
 */
public final class RecordKip480 implements Time {
    private static final String TOPIC = "orders.created";
    private static final int PARTITIONS = 50;

    private final int lingerMs;
    private final Cluster cluster = cluster();
    private final DefaultPartitioner partitioner = new DefaultPartitioner();
    private final RecordAccumulator accumulator;
    private final TreeMap<Long, Integer> due = new TreeMap<>();
    private final List<Integer> partitions = new ArrayList<>();
    private final Map<Integer, List<Integer>> waiting = new HashMap<>();
    private final Map<Integer, Long> leftAt = new HashMap<>();
    private long now = 0;

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0], "recorded", "java-kip480.tsv");
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
            out.print("# org.apache.kafka:kafka-clients " + arguments[1] + "\n");
            out.print("# run\tpartitions batch.size linger.ms, then "
                + "send\tms\tbytes of value\tpartition\tms at which its batch left\n");
            new RecordKip480(16384, 5).play(out, 16384, 200, 1, 100);
            new RecordKip480(1000, 50).play(out, 1000, 300, 1, 100);
            new RecordKip480(600, 0).play(out, 600, 50, 2, 100);
            new RecordKip480(700, 10).play(out, 700, 300, 3, 0);
        }
    }

    private RecordKip480(int batchSize, int lingerMs) {
        this.lingerMs = lingerMs;
        Metrics metrics = new Metrics(this);
        this.accumulator = new RecordAccumulator(new LogContext(), batchSize, CompressionType.NONE, lingerMs, 100, 120_000,
            metrics, "group", this, new ApiVersions(), null, new BufferPool(1 << 26, batchSize, metrics, this, "group"));
    }

    /** Sends so many records, one every so many milliseconds; 0 bytes of value stand for sizes that vary. */
    private void play(PrintWriter out, int batchSize, int count, int everyMs, int valueSize) throws Exception {
        out.print("run\t%d %d %d\n".formatted(PARTITIONS, batchSize, lingerMs));
        List<Integer> sizes = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            sizes.add(valueSize == 0 ? (index * 37) % 400 : valueSize);
            sendDueUntil((long) index * everyMs);
            now = (long) index * everyMs;
            append(index, new byte[sizes.get(index)]);
        }
        sendDueUntil(Long.MAX_VALUE);
        for (int index = 0; index < count; index++) {
            out.print("send\t%d\t%d\t%d\t%d\n".formatted((long) index * everyMs, sizes.get(index), partitions.get(index),
                leftAt.get(index)));
        }
    }

    /** What KafkaProducer.doSend does. */
    private void append(int index, byte[] value) throws Exception {
        int partition = partitioner.partition(TOPIC, null, null, null, value, cluster);
        var result = accumulator.append(new TopicPartition(TOPIC, partition), now, null, value, null, null, 0, true, now);
        if (result.abortForNewBatch) {
            partitioner.onNewBatch(TOPIC, cluster, partition);
            partition = partitioner.partition(TOPIC, null, null, null, value, cluster);
            result = accumulator.append(new TopicPartition(TOPIC, partition), now, null, value, null, null, 0, false, now);
        }
        partitions.add(partition);
        waiting.computeIfAbsent(partition, ignored -> new ArrayList<>()).add(index);
        if (result.newBatchCreated) {
            due.merge(now + lingerMs, 1, Integer::sum);
        }
        if (result.newBatchCreated || result.batchIsFull) {
            pass();
        }
    }

    private void sendDueUntil(long until) {
        while (!due.isEmpty() && due.firstKey() <= until) {
            now = due.pollFirstEntry().getKey();
            pass();
        }
    }

    /** What Sender.sendProducerData does, until nothing is ready. */
    private void pass() {
        while (true) {
            var ready = accumulator.ready(cluster, now).readyNodes;
            if (ready.isEmpty()) {
                return;
            }
            for (var batches : accumulator.drain(cluster, ready, Integer.MAX_VALUE, now).values()) {
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

    /** A topic with a broker of its own for each partition, so that no batch leaves with another. */
    private static Cluster cluster() {
        List<Node> nodes = new ArrayList<>();
        List<PartitionInfo> infos = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            Node node = new Node(partition, "localhost", 9092 + partition);
            nodes.add(node);
            infos.add(new PartitionInfo(TOPIC, partition, node, new Node[] {node}, new Node[] {node}));
        }
        return new Cluster("cluster", nodes, infos, Collections.emptySet(), Collections.emptySet());
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
