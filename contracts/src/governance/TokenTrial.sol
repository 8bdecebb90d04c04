// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Permit } from "../interfaces/ICopyRegistry.sol";
import { ITokenTrial } from "../interfaces/ITokenTrial.sol";
import { IERC20Metadata } from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import { IERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @notice See `ITokenTrial`.
contract TokenTrial is ITokenTrial {
    using SafeERC20 for IERC20Metadata;

    uint256 private constant DECIMALS = 6;

    /// @dev Receives the pieces. Nobody has its key.
    address private constant RECEIVER = address(uint160(uint256(keccak256("Kinmark.TokenTrial"))));

    /// @param permit Allows this contract to pull `permit.value` from the payer.
    constructor(IERC20Metadata token, address payer, Permit memory permit) {
        require(address(token).code.length > 0, TokenMissing(address(token)));
        (, uint256 decimals) = _ask(token, abi.encodeCall(IERC20Metadata.decimals, ()));
        require(decimals == DECIMALS, DecimalsUnsupported(address(token), decimals, DECIMALS));
        _requireOwnBalances(token, payer);
        uint256 balance = token.balanceOf(payer);
        require(balance >= permit.value, TrialUnfunded(address(token), payer, balance, permit.value));

        uint256 supply = token.totalSupply();
        _pull(token, payer, permit);
        // a share of the amount shows in large pieces, a rounding in small and odd ones
        for (uint256 piece = permit.value / 2; piece > 0; piece /= 7) {
            _send(token, piece);
        }
        require(token.totalSupply() == supply, SupplyChanged(address(token), supply, token.totalSupply()));
    }

    /// @dev The views by which Aave, Ampleforth, Lido, Origin and their likes show what a balance is a part of.
    function _requireOwnBalances(IERC20Metadata token, address payer) private view {
        string[3] memory views = ["scaledBalanceOf(address)", "sharesOf(address)", "creditsBalanceOf(address)"];
        for (uint256 i; i < views.length; ++i) {
            bytes4 selector = bytes4(keccak256(bytes(views[i])));
            (bool answered,) = _ask(token, abi.encodeWithSelector(selector, payer));
            require(!answered, TokenRebases(address(token), selector));
        }
    }

    function _pull(IERC20Metadata token, address payer, Permit memory permit) private {
        uint256 before = token.balanceOf(payer);

        try IERC20Permit(address(token))
            .permit(payer, address(this), permit.value, permit.deadline, permit.v, permit.r, permit.s) { }
        catch {
            revert PermitUnsupported(address(token));
        }
        token.safeTransferFrom(payer, address(this), permit.value);

        _requireExact(token, permit.value, before - token.balanceOf(payer), token.balanceOf(address(this)));
    }

    function _send(IERC20Metadata token, uint256 amount) private {
        uint256 before = token.balanceOf(address(this));
        uint256 receiverBefore = token.balanceOf(RECEIVER);

        token.safeTransfer(RECEIVER, amount);

        uint256 taken = before - token.balanceOf(address(this));
        _requireExact(token, amount, taken, token.balanceOf(RECEIVER) - receiverBefore);
    }

    function _requireExact(IERC20Metadata token, uint256 amount, uint256 taken, uint256 received) private pure {
        require(taken == amount && received == amount, TransferInexact(address(token), amount, taken, received));
    }

    /// @dev Whether the token answers the call with one word, and that word.
    function _ask(IERC20Metadata token, bytes memory data) private view returns (bool answered, uint256 word) {
        (bool success, bytes memory answer) = address(token).staticcall(data);
        if (!success || answer.length < 32) return (false, 0);
        return (true, abi.decode(answer, (uint256)));
    }
}
