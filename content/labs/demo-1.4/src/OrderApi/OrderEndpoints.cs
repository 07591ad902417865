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
        NewOrder request, OrderPublisher publisher, HttpResponse response, ILogger<OrderPublisher> logger)
    {
        if (request.Problems() is { Count: > 0 } problems)
        {
            return Results.ValidationProblem(problems);
        }

        try
        {
            PublishedOrder published = await publisher.PublishAsync(request);
            string duration = published.Elapsed.TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture);
            response.Headers["Server-Timing"] = $"kafka;dur={duration}"; // (1)
            var accepted = new OrderAccepted(published.OrderId, Activity.Current?.TraceId.ToString());
            return Results.Accepted(uri: null, accepted); // (2)
        }
        catch (ProduceException<string, string> error)
        {
            logger.LogError("Commande refusée, {Code} : {Reason}", error.Error.Code, error.Error.Reason);
            response.Headers["Retry-After"] = "5";
            return Results.Problem( // (3)
                statusCode: StatusCodes.Status503ServiceUnavailable,
                title: "Commande non confirmée",
                detail: $"Kafka : {error.Error.Code}, {error.DeliveryResult?.Status}.");
        }
    }
    // </endpoint>
}
