using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;

namespace Formation.Shop.OrderApi;

/// <summary><c>POST /orders</c>.</summary>
public static class OrderEndpoints
{
    /// <summary>Ajoute la route.</summary>
    public static void MapOrders(this IEndpointRouteBuilder routes) => routes.MapPost("/orders", CreateAsync);

    // <endpoint>
    private static async Task<IResult> CreateAsync(
        NewOrder request,
        OrderPublisher publisher,
        HttpResponse response,
        ILogger<OrderPublisher> logger)
    {
        if (request.Problems() is { Count: > 0 } problems)
        {
            return Results.ValidationProblem(problems);
        }

        try
        {
            PublishedOrder published = await publisher.PublishAsync(request);
            double elapsed = published.Elapsed.TotalMilliseconds;
            response.Headers["Server-Timing"] = // (1)
                string.Create(CultureInfo.InvariantCulture, $"kafka;dur={elapsed:F1}");
            string? traceId = Activity.Current?.TraceId.ToString();
            return Results.Accepted( // (2)
                uri: null, new OrderAccepted(published.OrderId, traceId));
        }
        catch (ProduceException<string, string> error)
        {
            logger.LogError(
                "Commande non confirmée, {Code} : {Reason}",
                error.Error.Code,
                error.Error.Reason);
            response.Headers["Retry-After"] = "5";
            return Results.Problem( // (3)
                statusCode: StatusCodes.Status503ServiceUnavailable,
                title: "Commande non confirmée",
                detail: $"Kafka : {error.Error.Code}, {error.DeliveryResult?.Status}.");
        }
    }
    // </endpoint>
}
