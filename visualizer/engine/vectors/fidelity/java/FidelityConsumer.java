import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Java's consumer as a process of its own. It says on standard output what happens to it, each line with the wall clock's
 * microseconds, and obeys what it reads on standard input; both as in ../src/consumer.rs.
 */
public final class FidelityConsumer {
    private static volatile long processing;
    private static volatile long slow;
    private static volatile boolean close;

    public static void main(String[] arguments) throws Exception {
        Map<String, String> own = new TreeMap<>();
        Properties config = new Properties();
        for (String argument : arguments) {
            String[] pair = argument.split("=", 2);
            if (pair[0].equals("topics") || pair[0].startsWith("simulation.")) {
                own.put(pair[0], pair[1]);
            } else {
                config.put(pair[0], pair[1]);
            }
        }
        config.put("key.deserializer", ByteArrayDeserializer.class);
        config.put("value.deserializer", ByteArrayDeserializer.class);
        processing = Long.parseLong(own.getOrDefault("simulation.processing.time", "0"));
        List<String> topics = List.of(own.get("topics").split(","));
        warmUp(config);
        say("ready");
        CountDownLatch go = new CountDownLatch(1);
        Thread orders = new Thread(() -> obey(go));
        orders.setDaemon(true);
        orders.start();
        go.await();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config)) {
            consumer.subscribe(topics, new Callbacks());
            while (!close) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    process(record);
                }
            }
        }
        say("closed");
    }

    /** A first consumer in a group of its own, so that loading classes is not measured. */
    private static void warmUp(Properties config) {
        Properties other = new Properties();
        other.putAll(config);
        other.put("group.id", "warm-up-" + ProcessHandle.current().pid());
        other.remove("group.instance.id");
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(other)) {
            consumer.subscribe(List.of("warm-up"));
            consumer.poll(Duration.ofMillis(1500));
        }
    }

    private static void obey(CountDownLatch go) {
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "go" -> go.countDown();
                    case "slow" -> slow = Long.parseLong(words[1]);
                    case "processing" -> processing = Long.parseLong(words[1]);
                    default -> close = true;
                }
            }
        } catch (java.io.IOException error) {
            say("error " + error);
        }
        Runtime.getRuntime().halt(3);
    }

    /** Processing is only time. */
    private static void process(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
        String place = record.topic() + " " + record.partition() + " " + record.offset();
        say("begin " + place);
        long begun = System.nanoTime();
        while (true) {
            long takes = slow > 0 ? slow : processing;
            long left = takes - (System.nanoTime() - begun) / 1_000_000;
            if (left <= 0) {
                break;
            }
            Thread.sleep(Math.min(left, 2));
        }
        slow = 0;
        say("end " + place);
    }

    private static synchronized void say(String what) {
        System.out.println(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) + " " + what);
        System.out.flush();
    }

    private static final class Callbacks implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            say("assigned " + shown(partitions));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            say("revoked " + shown(partitions));
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            say("lost " + shown(partitions));
        }

        /** As in "topic:0,1 other:3". */
        private static String shown(Collection<TopicPartition> partitions) {
            Map<String, TreeSet<Integer>> topics = new TreeMap<>();
            for (TopicPartition partition : partitions) {
                topics.computeIfAbsent(partition.topic(), topic -> new TreeSet<>()).add(partition.partition());
            }
            List<String> words = new ArrayList<>();
            topics.forEach((topic, numbers) -> {
                List<String> shown = numbers.stream().map(String::valueOf).toList();
                words.add(topic + ":" + String.join(",", shown));
            });
            return String.join(" ", words);
        }
    }
}
