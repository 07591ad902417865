using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Formation.OrderProducer;

/// <summary>Écrit les commandes dans Kafka et tient le compte de ce qui est livré.</summary>
public sealed class OrderPublisher(IProducer<Null, string> producer, ProducerSettings settings, ILogger logger)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    // Les rapports arrivent sur le thread de poll, et aussi sur le nôtre pendant Flush : compteurs sûrs entre threads.
    private readonly ConcurrentDictionary<int, int> deliveredByPartition = new();
    private int failed;

    /// <summary>Met toutes les commandes en file, jusqu'à la dernière ou jusqu'à l'arrêt demandé.</summary>
    public async Task PublishAsync(CancellationToken stop)
    {
        for (int number = 1; number <= settings.OrderCount && !stop.IsCancellationRequested; number++)
        {
            Enqueue(OrderCreated.Sample(number));
            await PauseAsync(stop);
        }
    }

    /// <summary>Attend que chaque message en file ait reçu son rapport.</summary>
    public void FlushUntilEmpty()
    {
        // 7. À vous : appelez Flush par tranches d'une seconde tant qu'il reste des messages sans rapport.
        //    Lancez d'abord le programme tel quel, avec ORDER_INTERVAL_MS=0 : combien de messages arrivent ?
    }

    /// <summary>Écrit le bilan et rend le code de sortie du programme.</summary>
    public int Conclude()
    {
        foreach ((int partition, int count) in deliveredByPartition.OrderBy(entry => entry.Key))
        {
            logger.LogInformation("Partition {Partition} : {Count} message(s)", partition, count);
        }

        int delivered = deliveredByPartition.Values.Sum();
        logger.LogInformation("Bilan : {Delivered} livré(s) sur {Expected}, {Failed} en échec", delivered, settings.OrderCount, failed);
        return delivered == settings.OrderCount ? ExitCode.Success : ExitCode.NotDelivered;
    }

    private void Enqueue(OrderCreated order)
    {
        // 5. À vous : passez OnDelivered à Produce, pour recevoir le rapport de livraison de cette commande.
        // 6. À vous : Produce lève ProduceException<Null, string>. Sur Local_QueueFull, appelez Poll et présentez
        //    de nouveau le message ; sur les autres codes, comptez un échec et journalisez-le.
        producer.Produce(settings.Topic, ToMessage(order));
    }

    private Message<Null, string> ToMessage(OrderCreated order) => new()
    {
        Value = JsonSerializer.Serialize(order, Json),

        // 4. À vous : ajoutez les headers « correlation-id » (un nouveau Guid) et « source »
        //    (settings.ClientId), en UTF-8. Un header est un nom et des octets.
        Headers = new Headers(),
    };

    private void OnDelivered(OrderCreated order, DeliveryReport<Null, string> report)
    {
        if (report.Error.IsError)
        {
            Interlocked.Increment(ref failed);
            logger.LogError(
                "{OrderId} non livrée, {Code} ({Status}) : {Reason}",
                order.OrderId,
                report.Error.Code,
                report.Status,
                report.Error.Reason);
            return;
        }

        deliveredByPartition.AddOrUpdate(report.Partition.Value, 1, (_, count) => count + 1);
        logger.LogInformation(
            "{OrderId} livrée : {Topic} [{Partition}] @ {Offset}",
            order.OrderId,
            report.Topic,
            report.Partition.Value,
            report.Offset.Value);
    }

    private async Task PauseAsync(CancellationToken stop)
    {
        if (settings.Interval == TimeSpan.Zero)
        {
            return;
        }

        try
        {
            await Task.Delay(settings.Interval, stop);
        }
        catch (OperationCanceledException)
        {
            // L'arrêt est demandé : la boucle d'appel le verra et s'achèvera proprement.
        }
    }
}
