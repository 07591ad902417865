using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Formation.KeyedOrderProducer;

/// <summary>Écrit les commandes, clé = client ; confie les échecs à la DLQ ; compare les partitions à la prédiction.</summary>
public sealed class OrderPublisher(
    IProducer<string, string> producer,
    DeadLetterQueue deadLetters,
    ProducerSettings settings,
    ILogger logger,
    CancellationTokenSource stop)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    // Une entrée par message livré : (partition, client). Les rapports viennent de plusieurs threads.
    private readonly ConcurrentQueue<(int Partition, string Customer)> deliveries = new();

    /// <summary>Met toutes les commandes en file, jusqu'à la dernière ou jusqu'à l'arrêt demandé.</summary>
    public async Task PublishAsync()
    {
        for (int number = 1; number <= settings.OrderCount && !stop.IsCancellationRequested; number++)
        {
            Enqueue(ToMessage(OrderCreated.Sample(number, settings.CustomerCount)));
            await PauseAsync();
        }
    }

    /// <summary>Attend que chaque message en file ait reçu son rapport.</summary>
    public void FlushUntilEmpty()
    {
        int remaining;
        while ((remaining = producer.Flush(TimeSpan.FromSeconds(1))) > 0)
        {
            logger.LogInformation("Encore {Remaining} message(s) sans rapport", remaining);
        }
    }

    /// <summary>Écrit la répartition, la compare à la prédiction, rend le code de sortie.</summary>
    public int Conclude(int partitionCount)
    {
        // 4. À vous : « deliveries » contient une entrée (partition, client) par message livré. Écrivez une ligne par
        //    partition, de 0 à partitionCount - 1, avec son nombre de messages et ses clients, et signalez la plus
        //    chargée. ToLookup et MaxBy vous épargneront les boucles.

        int surprises = deliveries.Distinct().Count(entry =>
            KeyStrategies.Predict(settings.Strategy, entry.Customer, partitionCount)
                != entry.Partition);
        logger.LogInformation(
            "Bilan : {Delivered} livré(s) sur {Expected}, {Surprises} prédiction(s) fausse(s)",
            deliveries.Count,
            settings.OrderCount,
            surprises);
        bool success = deliveries.Count == settings.OrderCount && surprises == 0;
        return success ? ExitCode.Success : ExitCode.NotDelivered;
    }

    private Message<string, string> ToMessage(OrderCreated order) => new()
    {
        // 3. À vous : la clé doit garder ensemble, et dans l'ordre, les commandes d'un même client.
        Key = "toujours-la-meme",

        Value = JsonSerializer.Serialize(order, Json),
        Headers = new Headers
        {
            { "correlation-id", Encoding.UTF8.GetBytes(Guid.NewGuid().ToString()) },
            { "source", Encoding.UTF8.GetBytes(settings.ClientId) },
        },
    };

    private void Enqueue(Message<string, string> message)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                producer.Produce(settings.Topic, message, report => OnDelivered(message, report));
                return;
            }
            catch (ProduceException<string, string> error)
                when (error.Error.Code == ErrorCode.Local_QueueFull)
            {
                // Tampon local plein : laisser partir des messages, puis recommencer.
                producer.Poll(TimeSpan.FromMilliseconds(100));
            }
            catch (ProduceException<string, string> error)
            {
                // Refus immédiat (message trop gros, erreur fatale…) : pas de rapport à venir.
                GiveUp(message, error.Error);
                return;
            }
        }
    }

    private void OnDelivered(Message<string, string> message, DeliveryReport<string, string> report)
    {
        if (report.Error.IsError)
        {
            GiveUp(message, report.Error);
            return;
        }

        deliveries.Enqueue((report.Partition.Value, message.Key));
        logger.LogInformation(
            "{Customer} livré : {Topic} [{Partition}] @ {Offset}",
            message.Key,
            report.Topic,
            report.Partition.Value,
            report.Offset.Value);
    }

    private void GiveUp(Message<string, string> message, Error error)
    {
        // L'échec est définitif : librdkafka a déjà réessayé. Nous ne lui confions pas le message une seconde fois.
        deadLetters.Add(new DeadLetter(settings.Topic, message, error, DateTimeOffset.UtcNow, Attempts: 1));
        if (FailureKinds.Classify(error) is FailureKind.Configuration or FailureKind.Fatal)
        {
            logger.LogCritical("Arrêt : {Code}, {Reason}", error.Code, error.Reason);
            stop.Cancel();
        }
    }

    private async Task PauseAsync()
    {
        if (settings.Interval == TimeSpan.Zero)
        {
            return;
        }

        try
        {
            await Task.Delay(settings.Interval, stop.Token);
        }
        catch (OperationCanceledException)
        {
            // L'arrêt est demandé : la boucle d'appel le verra et s'achèvera proprement.
        }
    }
}
