namespace Formation.Shop.Messaging;

/// <summary>Ce que fait un service d'une commande.</summary>
public interface IOrderHandler
{
    /// <summary>
    /// Traite une commande. Peut être rappelée pour la même : la garantie est « au moins une fois ».
    /// Une exception arrête le service sans valider la commande ; le processus suivant la relira.
    /// </summary>
    Task HandleAsync(OrderCreated order);
}
