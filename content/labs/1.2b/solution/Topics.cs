using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Formation.KeyedOrderProducer;

/// <summary>Ce que le programme demande au cluster avant de produire, et ce qu'il en déduit.</summary>
public static class Topics
{
    // <partition-count>
    /// <summary>Demande au cluster le nombre de partitions du topic : il peut changer, on ne l'écrit pas dans le code.</summary>
    /// <exception cref="SettingsException">Le cluster est injoignable ou le topic n'existe pas.</exception>
    public static int PartitionCount(IProducer<string, string> producer, string topic)
    {
        using IAdminClient admin = new DependentAdminClientBuilder(producer.Handle).Build();
        try
        {
            TopicMetadata metadata = admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics.Single();
            if (metadata.Error.IsError || metadata.Partitions.Count == 0)
            {
                throw new SettingsException($"Le topic {topic} est inutilisable : {metadata.Error.Reason}.");
            }

            return metadata.Partitions.Count;
        }
        catch (KafkaException error)
        {
            throw new SettingsException($"Le cluster ne répond pas : {error.Error.Reason}.", error);
        }
    }
    // </partition-count>

    /// <summary>Annonce, avant d'envoyer quoi que ce soit, où tombera chaque client.</summary>
    public static void LogPredictions(ProducerSettings settings, int partitionCount, ILogger logger)
    {
        for (int rank = 0; rank < settings.CustomerCount; rank++)
        {
            string customer = OrderCreated.CustomerName(rank);
            logger.LogInformation(
                "Prédiction : {Customer} → partition {Partition} sur {PartitionCount}",
                customer,
                KeyStrategies.Predict(settings.Strategy, customer, partitionCount),
                partitionCount);
        }
    }
}
