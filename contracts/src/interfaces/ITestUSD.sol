// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Play money for local chains and test networks: 6 decimals and EIP-2612 permit, like USDC.
interface ITestUSD {
    /// @notice One call gives at most `cap`.
    error FaucetAboveCap(uint256 amount, uint256 cap);

    /// @notice Creates money for anyone who asks.
    function faucet(address to, uint256 amount) external;
}
