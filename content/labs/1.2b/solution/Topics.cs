using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Formation.KeyedOrderProducer;

/// <summary>Ce que le programme demande au cluster avant de produire, et ce qu'il en déduit.</summary>
public static class Topics
{
    // <partition-count>
    /// <summary>Demande au cluster le nombre de partitions : il peut changer.</summary>
    /// <exception cref="SettingsException">Cluster injoignable, ou topic inconnu.</exception>
    public static int PartitionCount(IProducer<string, string> producer, string topic)
    {
        using IAdminClient admin = new DependentAdminClientBuilder(producer.Handle).Build();
        try
        {
            Metadata cluster = admin.GetMetadata(topic, TimeSpan.FromSeconds(10));
            TopicMetadata metadata = cluster.Topics.Single();
            if (metadata.Error.IsError || metadata.Partitions.Count == 0)
            {
                string reason = metadata.Error.Reason;
                throw new SettingsException($"Le topic {topic} est inutilisable : {reason}.");
            }

            return metadata.Partitions.Count;
        }
        catch (KafkaException error)
        {
            string reason = error.Error.Reason;
            throw new SettingsException($"Le cluster ne répond pas : {reason}.", error);
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
