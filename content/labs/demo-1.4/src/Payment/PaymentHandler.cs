using Formation.Shop.Messaging;

namespace Formation.Shop.Payment;

/// <summary>
/// Encaisse une commande. Ici, une attente tient lieu de banque. Relue après un crash, une commande serait encaissée
/// deux fois : le bloc 2.3 rend ce traitement idempotent.
/// </summary>
public sealed class PaymentHandler(ServiceSettings settings, ILogger<PaymentHandler> logger) : IOrderHandler
{
    private readonly Dictionary<string, decimal> totals = new(); // par client ; un seul thread de lecture

    /// <inheritdoc />
    public async Task HandleAsync(OrderCreated order)
    {
        await Task.Delay(settings.HandlerDelay);
        totals[order.CustomerId] = totals.GetValueOrDefault(order.CustomerId) + order.Amount;
        logger.LogInformation(
            "Encaissé {Amount} {Currency} pour {OrderId} ; {CustomerId} en est à {Total}",
            order.Amount,
            order.Currency,
            order.OrderId,
            order.CustomerId,
            totals[order.CustomerId]);
    }
}
