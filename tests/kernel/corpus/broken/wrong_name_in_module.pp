include misnamed
