package org.apache.kafka.clients.consumer;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.coordinator.group.api.assignor.ConsumerGroupPartitionAssignor;
import org.apache.kafka.coordinator.group.api.assignor.SubscribedTopicDescriber;
import org.apache.kafka.coordinator.group.api.assignor.SubscriptionType;
import org.apache.kafka.coordinator.group.assignor.UniformAssignor;
import org.apache.kafka.coordinator.group.modern.GroupSpecImpl;
import org.apache.kafka.coordinator.group.modern.MemberSubscriptionAndAssignmentImpl;

/**
 * Records what Kafka's own assignors answer: those of the Java client, as the leader of a group calls them, and those of the
 * broker. Random groups live a few steps: members join, leave, change their subscription, miss a generation; topics grow.
 */
public final class RecordAssignors {
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final String[] TOPICS = {
        "orders.created", "payments", "shipping.events", "clients", "inventory", "audit.log", "orders", "t1", "t10", "t2"};
    private static final int POOLS = 8;
    private static final Node NODE = new Node(0, "localhost", 9092);

    /** A client that takes part in a group. */
    private record Client(String id, Optional<String> instance) { }

    /** A member while its group lives. */
    private static final class Member {
        private final int letter;
        private final StickyAssignor sticky = new StickyAssignor();
        private final CooperativeStickyAssignor cooperative = new CooperativeStickyAssignor();
        private List<Integer> topics;
        private int generation = -1;
        private List<TopicPartition> owned = List.of();
        private boolean misses = false;

        Member(int letter, List<Integer> topics) {
            this.letter = letter;
            this.topics = topics;
        }
    }

    /** What an assignor makes of a group: by letter, the partitions. */
    private interface Answer {
        Map<Integer, List<TopicPartition>> ask(Group group);
    }

    public static void main(String[] arguments) throws IOException {
        Path recorded = Path.of(arguments[0], "recorded");
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(recorded.resolve("java-assignors.tsv")))) {
            out.print("# org.apache.kafka:kafka-clients and kafka-group-coordinator " + arguments[1] + "\n"
                + "# client\tpool\tletter\tmember id\tgroup.instance.id of a static member, then\n"
                + "# group\tpool of a new group, then step by step\n"
                + "# assignor\ttopic=partitions\tsubscribed to topics@generation:members\tmember:topic/partitions that it says"
                + " it owns as well\tby topic, the owner of each partition (. for none)\n"
                + "# The first step of a group is generation 0. A member of the step before owns what it was given then.\n");
            SplittableRandom random = new SplittableRandom(2026);
            List<List<Client>> pools = pools(random);
            for (int pool = 0; pool < POOLS; pool++) {
                for (int letter = 0; letter < LETTERS.length(); letter++) {
                    Client client = pools.get(pool).get(letter);
                    out.print("client\t%d\t%c\t%s\t%s\n".formatted(pool, LETTERS.charAt(letter), client.id,
                        client.instance.orElse("")));
                }
            }
            Map<String, Answer> assignors = new LinkedHashMap<>();
            assignors.put("java range", group -> client(group, new RangeAssignor(), member -> null));
            assignors.put("java roundrobin", group -> client(group, new RoundRobinAssignor(), member -> null));
            assignors.put("java sticky", group -> client(group, new StickyAssignor(),
                member -> member.sticky.subscriptionUserData(Set.of())));
            assignors.put("java cooperative-sticky", group -> client(group, new CooperativeStickyAssignor(),
                member -> member.cooperative.subscriptionUserData(Set.of())));
            assignors.put("server uniform", group -> server(group, new UniformAssignor()));
            assignors.put("server range", group -> server(group,
                new org.apache.kafka.coordinator.group.assignor.RangeAssignor()));
            int[] groups = {40, 40, 100, 180, 150, 30};
            int next = 0;
            for (var assignor : assignors.entrySet()) {
                for (int group = 0; group < groups[next]; group++) {
                    new Group(random.split(), pools, assignor.getKey()).live(assignor.getValue(), out);
                }
                next++;
            }
        }
    }

    /** Member ids as clients and brokers make them; two pools in three have static members, and one has nothing else. */
    private static List<List<Client>> pools(SplittableRandom random) {
        List<List<Client>> pools = new ArrayList<>();
        for (int pool = 0; pool < POOLS; pool++) {
            List<Client> clients = new ArrayList<>();
            for (int letter = 0; letter < LETTERS.length(); letter++) {
                UUID uuid = new UUID(random.nextLong(), random.nextLong());
                boolean fixed = pool % 3 == 1 && random.nextInt(3) == 0 || pool % 3 == 2 && pool > 4;
                String name = fixed ? "instance-" + (letter + 1) : pool % 2 == 0 ? "C" + (letter + 1) : "rdkafka";
                clients.add(new Client(name + "-" + uuid, fixed ? Optional.of(name) : Optional.empty()));
            }
            pools.add(clients);
        }
        return pools;
    }

    /** A group and its topics. */
    private static final class Group {
        private final SplittableRandom random;
        private final String assignor;
        private final int pool;
        private final List<Client> clients;
        private final List<String> topics = new ArrayList<>();
        private final List<Integer> partitions = new ArrayList<>();
        private final TreeMap<Integer, Member> members = new TreeMap<>();
        private final boolean sameSubscriptions;
        private int generation = -1;
        /** By letter, what a member says it owns although it was given to another. */
        private final TreeMap<Integer, List<TopicPartition>> claims = new TreeMap<>();

        Group(SplittableRandom random, List<List<Client>> pools, String assignor) {
            this.random = random;
            this.assignor = assignor;
            this.pool = random.nextInt(POOLS);
            this.clients = pools.get(pool);
            List<String> names = new ArrayList<>(List.of(TOPICS));
            int count = 1 + random.nextInt(5);
            for (int topic = 0; topic < count; topic++) {
                topics.add(names.remove(random.nextInt(names.size())));
                partitions.add(random.nextInt(40) == 0 && topic > 0 ? 0 : size(12, 40, 200));
            }
            sameSubscriptions = random.nextInt(5) < 3;
            join(size(6, 20, 50));
        }

        /** Mostly small, now and then large. */
        private int size(int small, int medium, int large) {
            int chance = random.nextInt(100);
            int bound = chance < 60 ? small : chance < 90 ? medium : large;
            return 1 + random.nextInt(bound);
        }

        void live(Answer answer, PrintWriter out) {
            out.print("group\t" + pool + "\n");
            int steps = 3 + random.nextInt(4);
            for (int step = 0; step < steps; step++) {
                if (step > 0) {
                    change();
                }
                String members = describeMembers();
                String claims = describeClaims();
                Map<Integer, List<TopicPartition>> assigned;
                try {
                    assigned = answer.ask(this);
                } catch (NullPointerException failure) {
                    // The general case of Java's sticky assignors fails when a partition's previous owner is left out.
                    return;
                }
                out.print("%s\t%s\t%s\t%s\t%s\n".formatted(assignor, describeTopics(), members, claims, describe(assigned)));
                accept(assigned);
            }
        }

        private void join(int count) {
            for (int joined = 0; joined < count && members.size() < 50; joined++) {
                int letter = random.nextInt(LETTERS.length());
                if (!members.containsKey(letter)) {
                    members.put(letter, new Member(letter, subscription()));
                }
            }
        }

        private List<Integer> subscription() {
            List<Integer> chosen = new ArrayList<>();
            for (int topic = 0; topic < topics.size(); topic++) {
                if (sameSubscriptions || random.nextInt(3) > 0) {
                    chosen.add(topic);
                }
            }
            return chosen.isEmpty() && random.nextInt(10) > 0 ? List.of(random.nextInt(topics.size())) : chosen;
        }

        private void change() {
            int chance = random.nextInt(100);
            List<Integer> letters = new ArrayList<>(members.keySet());
            int letter = letters.get(random.nextInt(letters.size()));
            if (chance < 30) {
                join(1 + random.nextInt(3));
            } else if (chance < 60) {
                for (int left = random.nextInt(3); left >= 0 && members.size() > 1; left--) {
                    members.remove(letters.remove(random.nextInt(letters.size())));
                }
            } else if (chance < 70) {
                int topic = random.nextInt(topics.size());
                partitions.set(topic, Math.min(200, partitions.get(topic) + 1 + random.nextInt(8)));
            } else if (chance < 80 && !sameSubscriptions) {
                members.get(letter).topics = subscription();
            } else if (chance < 88 && !assignor.startsWith("server")) {
                members.get(letter).misses = true;
            } else if (chance < 92 && !assignor.startsWith("server")) {
                claim(letter, letters.get(random.nextInt(letters.size())));
            }
        }

        /** Lets a member say that it owns what another one owns. */
        private void claim(int letter, int other) {
            Member member = members.get(letter);
            List<TopicPartition> wanted = members.get(other).owned;
            if (letter != other && member.generation == generation && !wanted.isEmpty()) {
                TopicPartition partition = wanted.get(random.nextInt(wanted.size()));
                List<TopicPartition> owned = new ArrayList<>(member.owned);
                if (!owned.contains(partition)) {
                    owned.add(partition);
                    claims.put(letter, List.of(partition));
                    own(member, owned, generation);
                }
            }
        }

        private void accept(Map<Integer, List<TopicPartition>> assigned) {
            generation++;
            claims.clear();
            for (Member member : members.values()) {
                if (member.misses) {
                    // It keeps what it had, and comes to the next generation with it.
                    member.misses = false;
                    if (!member.owned.isEmpty()) {
                        claims.put(member.letter, member.owned);
                    }
                } else {
                    own(member, assigned.get(member.letter), generation);
                }
            }
        }

        private void own(Member member, List<TopicPartition> owned, int since) {
            member.owned = owned;
            member.generation = since;
            var metadata = new ConsumerGroupMetadata("group", since, clients.get(member.letter).id, Optional.empty());
            member.sticky.onAssignment(new Assignment(owned), metadata);
            member.cooperative.onAssignment(new Assignment(owned), metadata);
        }

        private String describeTopics() {
            List<String> written = new ArrayList<>();
            for (int topic = 0; topic < topics.size(); topic++) {
                written.add(topics.get(topic) + "=" + partitions.get(topic));
            }
            return String.join(" ", written);
        }

        private String describeMembers() {
            StringBuilder written = new StringBuilder();
            String last = null;
            for (Member member : members.values()) {
                StringBuilder kind = new StringBuilder();
                member.topics.forEach(kind::append);
                kind.append('@').append(member.generation).append(':');
                if (!kind.toString().equals(last)) {
                    last = kind.toString();
                    written.append(written.isEmpty() ? "" : " ").append(kind);
                }
                written.append(LETTERS.charAt(member.letter));
            }
            return written.toString();
        }

        private String describeClaims() {
            List<String> written = new ArrayList<>();
            claims.forEach((letter, owned) -> {
                if (members.containsKey(letter)) {
                    TreeMap<Integer, TreeSet<Integer>> byTopic = new TreeMap<>();
                    owned.forEach(tp -> byTopic.computeIfAbsent(topics.indexOf(tp.topic()), ignored -> new TreeSet<>())
                        .add(tp.partition()));
                    byTopic.forEach((topic, numbers) -> written.add(LETTERS.charAt(letter) + ":" + topic + "/"
                        + String.join(",", numbers.stream().map(String::valueOf).toList())));
                }
            });
            return String.join(" ", written);
        }

        private String describe(Map<Integer, List<TopicPartition>> assigned) {
            List<StringBuilder> written = new ArrayList<>();
            partitions.forEach(count -> written.add(new StringBuilder(".".repeat(count))));
            assigned.forEach((letter, list) -> list.forEach(tp -> {
                StringBuilder topic = written.get(topics.indexOf(tp.topic()));
                if (topic.charAt(tp.partition()) != '.') {
                    throw new IllegalStateException(tp + " has two owners");
                }
                topic.setCharAt(tp.partition(), LETTERS.charAt(letter));
            }));
            return String.join(" ", written);
        }
    }

    /** What the leader of a group gets from an assignor of the client, subscriptions having crossed the network. */
    private static Map<Integer, List<TopicPartition>> client(Group group, ConsumerPartitionAssignor assignor,
                                                             Function<Member, ByteBuffer> userData) {
        Map<String, Subscription> subscriptions = new HashMap<>();
        boolean eager = !(assignor instanceof CooperativeStickyAssignor);
        for (Member member : group.members.values()) {
            List<String> topics = member.topics.stream().map(group.topics::get).toList();
            Subscription sent = new Subscription(topics, userData.apply(member),
                eager ? List.of() : new ArrayList<>(member.owned), member.generation, Optional.empty());
            Subscription read = ConsumerProtocol.deserializeSubscription(ConsumerProtocol.serializeSubscription(sent));
            Client client = group.clients.get(member.letter);
            read.setGroupInstanceId(client.instance);
            subscriptions.put(client.id, read);
        }
        List<PartitionInfo> infos = new ArrayList<>();
        for (int topic = 0; topic < group.topics.size(); topic++) {
            for (int partition = 0; partition < group.partitions.get(topic); partition++) {
                infos.add(new PartitionInfo(group.topics.get(topic), partition, NODE, new Node[] {NODE}, new Node[] {NODE}));
            }
        }
        Cluster cluster = new Cluster("cluster", List.of(NODE), infos, Set.of(), Set.of());
        var assigned = assignor.assign(cluster, new GroupSubscription(subscriptions)).groupAssignment();
        Map<Integer, List<TopicPartition>> byLetter = new HashMap<>();
        group.members.keySet().forEach(letter ->
            byLetter.put(letter, assigned.get(group.clients.get(letter).id).partitions()));
        return byLetter;
    }

    /** What the group coordinator gets from an assignor of the broker. Topics have the ids 1, 2, 3… */
    private static Map<Integer, List<TopicPartition>> server(Group group, ConsumerGroupPartitionAssignor assignor) {
        Map<String, MemberSubscriptionAndAssignmentImpl> members = new HashMap<>();
        Map<Uuid, Map<Integer, String>> owners = new HashMap<>();
        Set<List<Integer>> subscriptions = new HashSet<>();
        for (Member member : group.members.values()) {
            Client client = group.clients.get(member.letter);
            subscriptions.add(member.topics);
            Set<Uuid> existing = new HashSet<>();
            member.topics.stream().filter(topic -> group.partitions.get(topic) > 0).forEach(topic -> existing.add(id(topic)));
            TreeMap<Integer, List<Integer>> sorted = new TreeMap<>();
            member.owned.forEach(tp -> sorted.computeIfAbsent(group.topics.indexOf(tp.topic()), ignored -> new ArrayList<>())
                .add(tp.partition()));
            // As the coordinator makes them of the records of its log.
            Map<Uuid, Set<Integer>> owned = new HashMap<>();
            sorted.forEach((topic, numbers) -> {
                Collections.sort(numbers);
                owned.put(id(topic), new HashSet<>(numbers));
                numbers.forEach(number -> owners.computeIfAbsent(id(topic), ignored -> new HashMap<>())
                    .put(number, client.id));
            });
            members.put(client.id, new MemberSubscriptionAndAssignmentImpl(Optional.empty(), client.instance, existing,
                new org.apache.kafka.coordinator.group.modern.Assignment(owned)));
        }
        SubscriptionType type = subscriptions.size() > 1 ? SubscriptionType.HETEROGENEOUS : SubscriptionType.HOMOGENEOUS;
        var spec = new GroupSpecImpl(Collections.unmodifiableMap(members), type, owners);
        var assigned = assignor.assign(spec, describer(group)).members();
        Map<Integer, List<TopicPartition>> byLetter = new HashMap<>();
        group.members.keySet().forEach(letter -> {
            List<TopicPartition> list = new ArrayList<>();
            var assignment = assigned.get(group.clients.get(letter).id);
            if (assignment != null) {
                assignment.partitions().forEach((topic, numbers) -> numbers.forEach(number ->
                    list.add(new TopicPartition(group.topics.get((int) topic.getLeastSignificantBits() - 1), number))));
            }
            byLetter.put(letter, list);
        });
        return byLetter;
    }

    private static Uuid id(int topic) {
        return new Uuid(0, topic + 1);
    }

    private static SubscribedTopicDescriber describer(Group group) {
        return new SubscribedTopicDescriber() {
            @Override
            public int numPartitions(Uuid topic) {
                return group.partitions.get((int) topic.getLeastSignificantBits() - 1);
            }

            @Override
            public Set<String> racksForPartition(Uuid topic, int partition) {
                return Set.of();
            }
        };
    }
}
