using System.Runtime.InteropServices;
using Confluent.Kafka;
using Formation.OrderLoad;
using Microsoft.Extensions.Logging;

try
{
    LoadSettings settings = LoadSettings.FromEnvironment();
    using ILoggerFactory loggers = LoggerFactory.Create(logging => Configure(logging, settings));
    ILogger logger = loggers.CreateLogger("OrderLoad");

    using var stop = new CancellationTokenSource();
    using PosixSignalRegistration onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, RequestStop);
    using PosixSignalRegistration onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, RequestStop);

    using IProducer<string, string> producer = CreateProducer(settings, logger);
    int partitionCount = PartitionCount(producer, settings.Topic);
    logger.LogInformation(
        "{Rate} commandes/s pendant {Duration}, réparties sur {PartitionCount} partitions de {Topic}",
        settings.Rate,
        settings.Duration,
        partitionCount,
        settings.Topic);

    var load = new LoadGenerator(producer, settings, logger);
    await load.RunAsync(partitionCount, stop.Token);
    return load.Conclude() ? 0 : 1;

    void RequestStop(PosixSignalContext signal)
    {
        signal.Cancel = true; // nous terminons nous-mêmes, après les derniers rapports
        stop.Cancel();
    }
}
catch (SettingsException error)
{
    await Console.Error.WriteLineAsync($"Configuration refusée : {error.Message}");
    return 2;
}

static IProducer<string, string> CreateProducer(LoadSettings settings, ILogger logger) =>
    new ProducerBuilder<string, string>(new ProducerConfig
    {
        BootstrapServers = settings.BootstrapServers,
        ClientId = "order-load",
        Acks = Acks.All,
        EnableIdempotence = true,
    })
    .SetErrorHandler((_, error) => logger.LogWarning("Incident {Code} : {Reason}", error.Code, error.Reason))
    .Build();

static int PartitionCount(IProducer<string, string> producer, string topic)
{
    using IAdminClient admin = new DependentAdminClientBuilder(producer.Handle).Build();
    try
    {
        TopicMetadata metadata = admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics.Single();
        return metadata.Error.IsError || metadata.Partitions.Count == 0
            ? throw new SettingsException($"Le topic {topic} est inutilisable : {metadata.Error.Reason}.")
            : metadata.Partitions.Count;
    }
    catch (KafkaException error)
    {
        throw new SettingsException($"Le cluster ne répond pas : {error.Error.Reason}.", error);
    }
}

static void Configure(ILoggingBuilder logging, LoadSettings settings)
{
    if (settings.LogAsJson)
    {
        logging.AddJsonConsole();
        return;
    }

    logging.AddSimpleConsole(console =>
    {
        console.SingleLine = true;
        console.TimestampFormat = "HH:mm:ss.fff ";
    });
}
