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
            Enqueue(OrderCreated.Sample(number), stop);
            await PauseAsync(stop);
        }
    }

    // <flush>
    /// <summary>Attend que chaque message en file ait reçu son rapport.</summary>
    public void FlushUntilEmpty()
    {
        int remaining;
        while ((remaining = producer.Flush(TimeSpan.FromSeconds(1))) > 0)
        {
            logger.LogInformation("Encore {Remaining} message(s) sans rapport", remaining);
        }
    }
    // </flush>

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

    // <produce>
    private void Enqueue(OrderCreated order, CancellationToken stop)
    {
        Message<Null, string> message = ToMessage(order);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                producer.Produce(
                    settings.Topic, message, report => OnDelivered(order, report));
                return;
            }
            catch (ProduceException<Null, string> error)
                when (error.Error.Code == ErrorCode.Local_QueueFull)
            {
                // Tampon local plein : laisser partir des messages, puis recommencer.
                producer.Poll(TimeSpan.FromMilliseconds(100));
            }
            catch (ProduceException<Null, string> error)
            {
                // Refus immédiat (message trop gros, erreur fatale…) : pas de rapport à venir.
                Interlocked.Increment(ref failed);
                logger.LogError(
                    "{OrderId} refusée, {Code} : {Reason}",
                    order.OrderId,
                    error.Error.Code,
                    error.Error.Reason);
                return;
            }
        }
    }
    // </produce>

    // <message>
    private Message<Null, string> ToMessage(OrderCreated order) => new()
    {
        Value = JsonSerializer.Serialize(order, Json),
        Headers = new Headers
        {
            { "correlation-id", Encoding.UTF8.GetBytes(Guid.NewGuid().ToString()) },
            { "source", Encoding.UTF8.GetBytes(settings.ClientId) },
        },
    };
    // </message>

    // <delivery>
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
    // </delivery>

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
