using System.Diagnostics;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Formation.OrderLoad;

/// <summary>
/// Une charge régulière et égale sur toutes les partitions. Elle choisit la partition elle-même, ce qu'un producer métier ne
/// doit pas faire : c'est un banc d'essai, et la formule du débit suppose des partitions également chargées.
/// </summary>
public sealed class LoadGenerator(IProducer<string, string> producer, LoadSettings settings, ILogger logger)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private long sent;
    private long delivered;
    private long failed;

    // <load>
    /// <summary>Envoie au rythme demandé, jusqu'à la fin de la durée ou jusqu'à l'arrêt.</summary>
    public async Task RunAsync(int partitionCount, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (clock.Elapsed < settings.Duration && await TickAsync(timer, stop))
        {
            // Combien devraient être partis depuis le début ? Le rythme moyen est juste, même si un tour est en retard.
            long due = (long)(clock.Elapsed.TotalSeconds * settings.Rate);
            while (sent < due && !stop.IsCancellationRequested)
            {
                Send(new TopicPartition(settings.Topic, (int)(sent % partitionCount)));
            }
        }
    }
    // </load>

    /// <summary>Attend les derniers rapports et rend vrai si tout est livré.</summary>
    public bool Conclude()
    {
        while (producer.Flush(TimeSpan.FromSeconds(1)) > 0)
        {
            logger.LogInformation("En attente des derniers rapports");
        }

        logger.LogInformation(
            "Bilan : {Delivered} commande(s) livrée(s), {Failed} en échec",
            Interlocked.Read(ref delivered),
            Interlocked.Read(ref failed));
        return Interlocked.Read(ref failed) == 0;
    }

    private void Send(TopicPartition where)
    {
        string customer = $"customer-{(char)('A' + (sent % 26))}";
        var order = new { OrderId = $"LOAD-{sent:D7}", CustomerId = customer, Amount = 10m, Currency = "EUR", CreatedAt = DateTimeOffset.UtcNow };
        var message = new Message<string, string> { Key = customer, Value = JsonSerializer.Serialize(order, Json) };
        try
        {
            producer.Produce(where, message, OnDelivered);
            sent++;
        }
        catch (ProduceException<string, string> error) when (error.Error.Code == ErrorCode.Local_QueueFull)
        {
            producer.Poll(TimeSpan.FromMilliseconds(100)); // tampon plein : il sera présenté de nouveau
        }
    }

    private void OnDelivered(DeliveryReport<string, string> report)
    {
        if (!report.Error.IsError)
        {
            Interlocked.Increment(ref delivered);
            return;
        }

        Interlocked.Increment(ref failed);
        logger.LogError("Non livrée, {Code} : {Reason}", report.Error.Code, report.Error.Reason);
    }

    private static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false; // l'arrêt est demandé
        }
    }
}
