using Confluent.Kafka;

namespace Formation.OrderConsumer;

/// <summary>Écrit dans la DLQ du groupe les messages abandonnés, et attend l'accusé de chacun.</summary>
public sealed class DeadLetterQueue : IDisposable
{
    private readonly IProducer<byte[], byte[]> producer;
    private readonly ConsumerSettings settings;
    private readonly ILogger<DeadLetterQueue> logger;

    /// <summary>Construit le producer de la DLQ. Il ne se connecte vraiment qu'au premier message.</summary>
    /// <param name="settings">Réglages déjà vérifiés.</param>
    /// <param name="logger">Destination des alertes.</param>
    public DeadLetterQueue(ConsumerSettings settings, ILogger<DeadLetterQueue> logger)
    {
        this.settings = settings;
        this.logger = logger;
        producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig
        {
            BootstrapServers = settings.BootstrapServers,
            ClientId = settings.ClientId + "-dlq",
            Acks = Acks.All,
            EnableIdempotence = true,
            LingerMs = 0, // un message rare, attendu un par un : rien à regrouper
            MessageTimeoutMs = (int)ConsumerSettings.DeadLetterTimeout.TotalMilliseconds,
        })
        .SetErrorHandler((_, error) => logger.LogWarning("Incident {Code} : {Reason}", error.Code, error.Reason))
        .SetLogHandler((_, entry) => logger.Log(
            (LogLevel)entry.LevelAs(LogLevelType.MicrosoftExtensionsLogging),
            "librdkafka {Facility} : {Message}",
            entry.Facility,
            entry.Message))
        .Build();
    }

    /// <summary>Met un message de côté, et rend la main quand l'ISR entier l'a écrit.</summary>
    /// <exception cref="ProduceException{TKey, TValue}">Pas écrit : ne pas avancer.</exception>
    public void Add(DeadLetter letter)
    {
        // Attendre est voulu : l'offset ne sera stocké qu'ensuite. Le thread est à nous.
        DeliveryResult<byte[], byte[]> report = producer
            .ProduceAsync(settings.DeadLetterTopic, letter.ToMessage(settings.GroupId))
            .GetAwaiter()
            .GetResult();
        logger.LogError(
            "{Position} mis en DLQ ({DlqPosition}), {Attempts} essai(s) : {Reason}",
            letter.Original.TopicPartitionOffset.Text(),
            report.TopicPartitionOffset.Text(),
            letter.Attempts,
            letter.Cause.Message);
    }

    /// <summary>Libère le producer : rien ne reste en file, chaque message a été attendu.</summary>
    public void Dispose() => producer.Dispose();
}
