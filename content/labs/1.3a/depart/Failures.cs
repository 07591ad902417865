namespace Formation.OrderConsumer;

/// <summary>Le message lui-même est en cause : le réessayer ne changerait rien.</summary>
public sealed class PoisonMessageException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>Un service dont nous dépendons ne répond pas : le prochain essai peut réussir.</summary>
public sealed class StockUnavailableException(string message) : Exception(message);
