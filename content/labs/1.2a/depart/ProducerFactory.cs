using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Formation.OrderProducer;

/// <summary>Construit le producer : un seul par processus, partagé par tous les threads.</summary>
public static class ProducerFactory
{
    /// <summary>Construit le producer et branche ses handlers.</summary>
    /// <param name="settings">Réglages déjà vérifiés.</param>
    /// <param name="logger">Destination des incidents et des logs de librdkafka.</param>
    /// <param name="stop">Arrêt du programme, déclenché par une erreur fatale.</param>
    /// <exception cref="SettingsException">librdkafka refuse la configuration.</exception>
    public static IProducer<Null, string> Create(ProducerSettings settings, ILogger logger, CancellationTokenSource stop)
    {
        // 1. À vous : exigez l'accusé de toutes les répliques synchronisées, rendez le producer
        //    idempotent, et bornez la vie de chaque message par settings.MessageTimeout.
        //    Ajoutez 5 ms de linger et la compression lz4.
        var config = new ProducerConfig
        {
            BootstrapServers = settings.BootstrapServers,
            ClientId = settings.ClientId,
        };

        try
        {
            // 2. À vous : avant Build(), branchez SetErrorHandler sur OnError, et SetLogHandler sur le
            //    logger (entry.LevelAs(LogLevelType.MicrosoftExtensionsLogging) donne le niveau).
            return new ProducerBuilder<Null, string>(config).Build();
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            throw new SettingsException($"librdkafka refuse la configuration : {error.Message}", error);
        }
    }

    private static void OnError(Error error, ILogger logger, CancellationTokenSource stop)
    {
        // 3. À vous : une erreur ordinaire n'est qu'une information (LogWarning). Une erreur fatale
        //    (error.IsFatal) mérite LogCritical et l'arrêt du programme (stop.Cancel()).
    }
}
