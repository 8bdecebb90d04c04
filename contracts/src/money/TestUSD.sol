// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ITestUSD } from "../interfaces/ITestUSD.sol";
import { ERC20, ERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import { ERC3009 } from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import { SignatureChecker } from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @notice See `ITestUSD`.
contract TestUSD is ERC20Permit, ERC3009, ITestUSD {
    uint256 private constant FAUCET_CAP = 10_000e6;

    constructor() ERC20("Test USD", "USDC") ERC20Permit("Test USD") { }

    /// @inheritdoc ITestUSD
    function faucet(address to, uint256 amount) external {
        require(amount <= FAUCET_CAP, FaucetAboveCap(amount, FAUCET_CAP));
        _mint(to, amount);
    }

    /// @inheritdoc ITestUSD
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external {
        bytes32 typeHash = TRANSFER_WITH_AUTHORIZATION_TYPEHASH;
        _requireSigned(from, abi.encode(typeHash, from, to, value, validAfter, validBefore, nonce), signature);

        _transferWithAuthorization(from, to, value, validAfter, validBefore, nonce);
    }

    /// @inheritdoc ITestUSD
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external {
        bytes32 typeHash = RECEIVE_WITH_AUTHORIZATION_TYPEHASH;
        _requireSigned(from, abi.encode(typeHash, from, to, value, validAfter, validBefore, nonce), signature);
        require(to == msg.sender, ERC20InvalidReceiver(to));

        _transferWithAuthorization(from, to, value, validAfter, validBefore, nonce);
    }

    /// @inheritdoc ITestUSD
    function cancelAuthorization(address authorizer, bytes32 nonce, bytes calldata signature) external {
        _requireSigned(authorizer, abi.encode(CANCEL_AUTHORIZATION_TYPEHASH, authorizer, nonce), signature);

        _cancelAuthorization(authorizer, nonce);
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function _requireSigned(address signer, bytes memory message, bytes calldata signature) private view {
        bytes32 digest = _hashTypedDataV4(keccak256(message));
        require(SignatureChecker.isValidSignatureNowCalldata(signer, digest, signature), ERC3009InvalidSignature());
    }
}
