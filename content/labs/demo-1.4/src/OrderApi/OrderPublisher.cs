using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Formation.Shop.Messaging;

namespace Formation.Shop.OrderApi;

/// <summary>Une commande écrite dans Kafka.</summary>
/// <param name="OrderId">La commande.</param>
/// <param name="Elapsed">De la mise en file à l'accusé de toutes les répliques de l'ISR.</param>
public sealed record PublishedOrder(string OrderId, TimeSpan Elapsed);

/// <summary>Écrit les commandes dans Kafka, clé = client.</summary>
public sealed class OrderPublisher(
    IProducer<string, string> producer,
    ApiSettings settings,
    TimeProvider clock,
    ILogger<OrderPublisher> logger)
{
    // <publish>
    /// <summary>Écrit une commande et attend son rapport de livraison.</summary>
    /// <exception cref="ProduceException{TKey, TValue}">Elle n'est pas écrite, ou l'on n'en sait rien.</exception>
    public async Task<PublishedOrder> PublishAsync(NewOrder request)
    {
        var order = new OrderCreated(
            OrderId: request.OrderId ?? Guid.NewGuid().ToString(),
            CustomerId: request.CustomerId ?? throw new ArgumentException("customerId manque", nameof(request)),
            Amount: request.Amount,
            Currency: request.Currency ?? "EUR",
            CreatedAt: clock.GetUtcNow());

        using Activity? activity = Tracing.Source.StartActivity($"send {settings.Topic}", ActivityKind.Producer);
        long started = clock.GetTimestamp();
        DeliveryResult<string, string> report = await producer.ProduceAsync(
            settings.Topic, ToMessage(order, activity ?? Activity.Current)); // (1)
        TimeSpan elapsed = clock.GetElapsedTime(started);

        logger.LogInformation(
            "{OrderId} écrite pour {CustomerId} : {Topic} [{Partition}] @ {Offset} en {ElapsedMs:F0} ms",
            order.OrderId,
            order.CustomerId,
            report.Topic,
            report.Partition.Value,
            report.Offset.Value,
            elapsed.TotalMilliseconds);
        return new PublishedOrder(order.OrderId, elapsed);
    }
    // </publish>

    // <message>
    private Message<string, string> ToMessage(OrderCreated order, Activity? activity)
    {
        var headers = new Headers
        {
            { "correlation-id", Encoding.UTF8.GetBytes(order.OrderId) },
            { "source", Encoding.UTF8.GetBytes(settings.ClientId) },
        };
        Tracing.Inject(activity, headers);
        return new Message<string, string>
        {
            Key = order.CustomerId,
            Value = order.ToJson(),
            Headers = headers,
        };
    }
    // </message>
}
