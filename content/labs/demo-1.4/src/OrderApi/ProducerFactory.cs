using Confluent.Kafka;
using Formation.Shop.Messaging;

namespace Formation.Shop.OrderApi;

/// <summary>Construit le producer : un seul par processus, partagé par toutes les requêtes.</summary>
public static class ProducerFactory
{
    /// <summary>Construit le producer et branche ses handlers.</summary>
    /// <exception cref="SettingsException">librdkafka refuse la configuration.</exception>
    public static IProducer<string, string> Create(ApiSettings settings, ProducerState state, ILogger logger)
    {
        // <config>
        var config = new ProducerConfig
        {
            BootstrapServers = settings.BootstrapServers,
            ClientId = settings.ClientId,
            Acks = Acks.All,
            EnableIdempotence = true,
            LingerMs = 0, // une commande par requête : rien à regrouper
            MessageTimeoutMs = (int)settings.MessageTimeout.TotalMilliseconds,
            CompressionType = CompressionType.Lz4,
        };
        // </config>

        try
        {
            return new ProducerBuilder<string, string>(config)
                .SetErrorHandler((_, error) => OnError(error, state, logger))
                .SetLogHandler((_, entry) => ShopLogging.Forward(logger, entry))
                .Build();
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            throw new SettingsException($"librdkafka refuse la configuration : {error.Message}", error);
        }
    }

    private static void OnError(Error error, ProducerState state, ILogger logger)
    {
        if (!error.IsFatal)
        {
            // Simple information : librdkafka se reconnecte et réessaie de lui-même.
            logger.LogWarning("Incident {Code} : {Reason}", error.Code, error.Reason);
            return;
        }

        logger.LogCritical("Erreur fatale {Code} : {Reason}", error.Code, error.Reason);
        state.MarkFatal(error.Reason);
    }
}
