/* Asks librdkafka's assignors, which it does not export. What the leader of a group withholds in cooperative mode is a static
 * function: the whole file is included to reach it (build.rs lets its symbols be defined twice). */
#include "rdkafka_cgrp.c"

#include <sys/wait.h>
#include <unistd.h>

/** Who asks: by member, its subscription and what it owns; by topic, its partitions (0: it does not exist). */
struct group {
        int topic_cnt;
        const char **topics;
        const int *partitions;
        int member_cnt;
        const char **ids;
        const char **instances; /* NULL for none */
        const int *generations;
        const unsigned char *subscribed; /* [member][topic] */
        const unsigned char *owned;      /* [member][partition of all topics] */
        int partition_cnt;
};

static void init_member(rd_kafka_group_member_t *member,
                        const struct group *group,
                        int at) {
        int topic, partition, flat = at * group->partition_cnt;

        memset(member, 0, sizeof(*member));
        member->rkgm_subscription = rd_kafka_topic_partition_list_new(1);
        member->rkgm_owned        = rd_kafka_topic_partition_list_new(1);
        member->rkgm_assignment   = rd_kafka_topic_partition_list_new(1);
        rd_list_init(&member->rkgm_eligible, 0, NULL);
        member->rkgm_member_id         = rd_kafkap_str_new(group->ids[at], -1);
        member->rkgm_group_instance_id = rd_kafkap_str_new(group->instances[at], -1);
        member->rkgm_rack_id           = rd_kafkap_str_new(NULL, -1);
        member->rkgm_generation        = group->generations[at];
        for (topic = 0; topic < group->topic_cnt; topic++) {
                if (group->subscribed[at * group->topic_cnt + topic])
                        rd_kafka_topic_partition_list_add(
                            member->rkgm_subscription, group->topics[topic],
                            RD_KAFKA_PARTITION_UA);
                for (partition = 0; partition < group->partitions[topic];
                     partition++, flat++)
                        if (group->owned[flat])
                                rd_kafka_topic_partition_list_add(
                                    member->rkgm_owned, group->topics[topic],
                                    partition);
        }
}

static rd_kafka_metadata_t *metadata(const struct group *group) {
        rd_kafka_metadata_topic_t topics[64];
        size_t cnt = 0;
        int topic;

        memset(topics, 0, sizeof(topics));
        for (topic = 0; topic < group->topic_cnt; topic++) {
                if (!group->partitions[topic])
                        continue;
                topics[cnt].topic         = (char *)group->topics[topic];
                topics[cnt].partition_cnt = group->partitions[topic];
                cnt++;
        }
        return rd_kafka_metadata_new_topic_mock(topics, cnt, -1, 0);
}

/** The owner of each partition goes down the pipe: -1 for none. */
static int answer(rd_kafka_t *rk,
                  const char *name,
                  const struct group *group,
                  int *owners) {
        rd_kafka_group_member_t members[64];
        rd_kafka_assignor_t *assignor = rd_kafka_assignor_find(rk, name);
        char errstr[256];
        int i, j, topic, flat;

        for (i = 0; i < group->member_cnt; i++)
                init_member(&members[i], group, i);
        if (rd_kafka_assignor_run(rk->rk_cgrp, assignor, metadata(group),
                                  members, group->member_cnt, errstr,
                                  sizeof(errstr)))
                return 1;
        if (assignor->rkas_protocol == RD_KAFKA_REBALANCE_PROTOCOL_COOPERATIVE)
                rd_kafka_cooperative_protocol_adjust_assignment(
                    rk->rk_cgrp, members, group->member_cnt);
        for (i = 0; i < group->partition_cnt; i++)
                owners[i] = -1;
        for (i = 0; i < group->member_cnt; i++) {
                int place = 0; /* Assignors sort the members. */
                while (rd_kafkap_str_cmp_str(members[i].rkgm_member_id,
                                             group->ids[place]))
                        place++;
                for (j = 0; j < members[i].rkgm_assignment->cnt; j++) {
                        rd_kafka_topic_partition_t *given =
                            &members[i].rkgm_assignment->elems[j];
                        for (topic = 0, flat = 0;
                             strcmp(group->topics[topic], given->topic); topic++)
                                flat += group->partitions[topic];
                        owners[flat + given->partition] = place;
                }
        }
        return 0;
}

/** Asks in a process of its own, because some groups make the library fail. Returns 0 if it has answered. */
int assign(rd_kafka_t *rk,
           const char *name,
           const struct group *group,
           int *owners) {
        size_t size = sizeof(*owners) * group->partition_cnt, got = 0;
        int ends[2], status;
        pid_t child;

        if (pipe(ends))
                return 1;
        child = fork();
        if (child == 0) {
                close(ends[0]);
                alarm(10);
                if (answer(rk, name, group, owners) ||
                    write(ends[1], owners, size) != (ssize_t)size)
                        _exit(1);
                _exit(0);
        }
        close(ends[1]);
        while (got < size) {
                ssize_t more = read(ends[0], (char *)owners + got, size - got);
                if (more <= 0)
                        break;
                got += more;
        }
        close(ends[0]);
        waitpid(child, &status, 0);
        return status != 0 || got < size;
}
