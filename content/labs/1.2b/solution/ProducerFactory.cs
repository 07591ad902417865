using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Formation.KeyedOrderProducer;

/// <summary>Construit les deux producers du programme : celui des commandes et celui de la DLQ.</summary>
public static class ProducerFactory
{
    /// <summary>Producer des commandes : un seul par processus, partagé par tous les threads.</summary>
    /// <param name="settings">Réglages déjà vérifiés.</param>
    /// <param name="logger">Destination des incidents et des logs de librdkafka.</param>
    /// <param name="stop">Arrêt du programme, déclenché par une erreur fatale.</param>
    /// <exception cref="SettingsException">librdkafka refuse la configuration.</exception>
    public static IProducer<string, string> CreateOrders(ProducerSettings settings, ILogger logger, CancellationTokenSource stop)
    {
        ProducerConfig config = Common(settings, settings.ClientId, settings.MessageTimeout);
        config.CompressionType = CompressionType.Lz4;
        KeyStrategies.Configure(config, settings.Strategy);

        ProducerBuilder<string, string> builder = Observed(config, logger, stop);
        if (settings.Strategy == KeyStrategy.Isolated)
        {
            builder.SetPartitioner(settings.Topic, KeyStrategies.Isolate);
        }

        return Build(builder);
    }

    // <dlq-producer>
    /// <summary>Producer de la DLQ : sa propre file et son propre délai, pour ne jamais gêner celui des commandes.</summary>
    /// <exception cref="SettingsException">librdkafka refuse la configuration.</exception>
    public static IProducer<string, string> CreateDeadLetters(ProducerSettings settings, ILogger logger)
    {
        ProducerConfig config = Common(settings, settings.ClientId + "-dlq", TimeSpan.FromSeconds(10));
        config.LingerMs = 0; // un message rare, attendu un par un : rien à regrouper
        return Build(Observed(config, logger, stop: null));
    }
    // </dlq-producer>

    private static ProducerConfig Common(ProducerSettings settings, string clientId, TimeSpan messageTimeout) => new()
    {
        BootstrapServers = settings.BootstrapServers,
        ClientId = clientId,
        Acks = Acks.All,
        EnableIdempotence = true,
        MessageTimeoutMs = (int)messageTimeout.TotalMilliseconds,
    };

    private static ProducerBuilder<string, string> Observed(ProducerConfig config, ILogger logger, CancellationTokenSource? stop) =>
        new ProducerBuilder<string, string>(config)
            .SetErrorHandler((_, error) => OnError(error, logger, stop))
            .SetLogHandler((_, entry) => logger.Log(
                (LogLevel)entry.LevelAs(LogLevelType.MicrosoftExtensionsLogging),
                "librdkafka {Facility} : {Message}",
                entry.Facility,
                entry.Message));

    private static void OnError(Error error, ILogger logger, CancellationTokenSource? stop)
    {
        if (!error.IsFatal)
        {
            // Simple information : librdkafka se reconnecte et réessaie de lui-même.
            logger.LogWarning("Incident {Code} : {Reason}", error.Code, error.Reason);
            return;
        }

        logger.LogCritical("Erreur fatale {Code} : {Reason}", error.Code, error.Reason);
        stop?.Cancel();
    }

    private static IProducer<string, string> Build(ProducerBuilder<string, string> builder)
    {
        try
        {
            return builder.Build();
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            throw new SettingsException($"librdkafka refuse la configuration : {error.Message}", error);
        }
    }
}
