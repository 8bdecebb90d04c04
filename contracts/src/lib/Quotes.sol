// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ModelId } from "./Types.sol";

/// @notice A minter's promise to mint one order. Amounts are in units of the 6-decimal token.
/// @param termsHash Hash of the model's terms that the quote was made for.
/// @param buyer Only account that may order with it.
/// @param buyerSeedHash keccak256 of the buyer's 32-byte contribution to the codeword, which the minter holds.
/// @param fee Amount that the buyer pays the minter, on top of the model's price.
/// @param secondsToDeliver Seconds from the order within which the copy will be delivered.
/// @param penalty Amount that the minter pays the buyer if it is not, or if what was delivered is rightly refused.
/// @param expiresAt Last second for the order, in protocol time.
/// @param salt Distinguishes quotes that are equal otherwise.
struct Quote {
    address minter;
    ModelId modelId;
    uint32 version;
    bytes32 termsHash;
    address buyer;
    bytes32 buyerSeedHash;
    uint32 fee;
    uint32 secondsToDeliver;
    uint64 penalty;
    uint64 expiresAt;
    bytes32 salt;
}

/// @title Hash of the EIP-712 struct that minters sign, equal to that of lib/chain/quote.ts. The domain is the minter
/// registry's.
library Quotes {
    bytes32 internal constant QUOTE_TYPEHASH = keccak256(
        "Quote(address minter,uint256 modelId,uint32 version,bytes32 termsHash,address buyer,bytes32 buyerSeedHash,uint32 fee,uint32 secondsToDeliver,uint64 penalty,uint64 expiresAt,bytes32 salt)"
    );

    function hash(Quote memory quote) internal pure returns (bytes32) {
        return keccak256(abi.encode(QUOTE_TYPEHASH, quote));
    }
}
