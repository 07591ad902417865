using Formation.Shop.Messaging;

namespace Formation.Shop.Inventory;

/// <summary>Réserve le stock d'une commande. Ici, une attente tient lieu de base de données.</summary>
public sealed class InventoryHandler(ServiceSettings settings, ILogger<InventoryHandler> logger) : IOrderHandler
{
    private int reserved;

    /// <inheritdoc />
    public async Task HandleAsync(OrderCreated order)
    {
        await Task.Delay(settings.HandlerDelay);
        reserved++; // sans verrou : un seul thread de lecture
        logger.LogInformation("Stock réservé pour {OrderId} ; {Reserved} réservation(s) depuis le démarrage", order.OrderId, reserved);
    }
}
