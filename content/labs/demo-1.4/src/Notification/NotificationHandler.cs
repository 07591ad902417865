using Formation.Shop.Messaging;

namespace Formation.Shop.Notification;

/// <summary>Prévient le client. Ici, une attente tient lieu de serveur de courrier.</summary>
public sealed class NotificationHandler(ServiceSettings settings, ILogger<NotificationHandler> logger) : IOrderHandler
{
    /// <inheritdoc />
    public async Task HandleAsync(OrderCreated order)
    {
        await Task.Delay(settings.HandlerDelay);
        logger.LogInformation("Courriel envoyé à {CustomerId} pour {OrderId}", order.CustomerId, order.OrderId);
    }
}
